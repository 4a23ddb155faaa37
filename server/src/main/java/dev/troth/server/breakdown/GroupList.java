package dev.troth.server.breakdown;

import dev.troth.server.http.Json;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.chain.Grouping;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * The groups of an objective over its window, worst first: those that overdrew most requests.
 *
 * @param attribute the attribute of the entry's span whose values are the groups
 * @param limit how many values have a group; further ones are counted as {@code (others)}
 * @param counted how many groups counted anything in the window
 * @param note why no group has a budget; null where each has
 */
public record GroupList(
    Instant now,
    String objective,
    String attribute,
    int limit,
    @JsonSerialize(using = Json.Word.class) Grouping.AlertOn alertOn,
    int counted,
    @Nullable String note,
    List<GroupView> groups) {

  /**
   * A group.
   *
   * @param availability the share of good requests; of a latency objective, of fast ones; null
   *     without any
   * @param budget null without requests, and where the objective counts time slices
   * @param state of its alerts; null where only the objective as a whole alerts
   * @param incident the one that is open, or null
   * @param causes failed steps, worst first
   */
  public record GroupView(
      String group,
      Requests requests,
      @Nullable Double availability,
      @Nullable Budget budget,
      @Nullable @JsonSerialize(using = Json.Word.class) State state,
      @Nullable String incident,
      List<Cause> causes) {
    double remaining() {
      return budget == null ? -requests.bad() : budget.remaining();
    }
  }

  /** Counts over the window. */
  public record Requests(long total, long good, long bad, long unknown) {}

  /** The share of the objective's budget that its requests allow, and what of it is left. */
  public record Budget(double allowed, long consumed, double remaining, double remainingRatio) {}

  /** Whether a group alerts. */
  public enum State {
    OK,
    TICKET,
    PAGE
  }
}
