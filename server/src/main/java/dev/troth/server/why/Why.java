package dev.troth.server.why;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.delivery.AttemptView;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.server.watch.WatchView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a user was, or was not, told of a change.
 *
 * @param seq the change
 * @param title the change in one line
 * @param rule the reason of a notification, or the rule that kept the user from being told
 * @param explanation the rule in a sentence
 * @param watch the watch that decided, as it stood when the change was written; null without one
 * @param channels where the user was told; empty when not told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Why(
    long seq,
    String subject,
    String title,
    String user,
    boolean told,
    String rule,
    String explanation,
    @Nullable WatchView watch,
    List<Way> channels) {

  /**
   * How the user was told on one channel.
   *
   * @param state {@code told} in the inbox, {@code logged} in the platform's log, {@code waiting}
   *     for its turn, the state of a delivery, or {@code dropped}
   * @param detail the state in a sentence
   * @param endpoint the address as it stands now; null without one
   * @param attempts what was tried
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Way(
      String channel,
      String state,
      String detail,
      @Nullable Instant due,
      @Nullable Address endpoint,
      List<AttemptView> attempts) {}

  /** How an address does. */
  public record Address(long id, State state, String note) {}
}
