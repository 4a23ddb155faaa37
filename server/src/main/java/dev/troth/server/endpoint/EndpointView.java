package dev.troth.server.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An address as clients see it.
 *
 * @param address as it may be shown
 * @param note why nothing is sent there, or how it last failed
 * @param failures how many attempts failed since the last that did not
 * @param secret what requests are signed with, in the answer alone that made it; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointView(
    long id,
    String user,
    String channel,
    String address,
    State state,
    String note,
    int failures,
    Instant since,
    @Nullable String secret) {

  /**
   * @param shown the address without what would let others write there
   */
  static EndpointView of(Endpoint endpoint, String shown) {
    return new EndpointView(
        endpoint.id(),
        endpoint.user(),
        endpoint.channel(),
        shown,
        endpoint.health().state(),
        endpoint.health().note(),
        endpoint.health().failures(),
        endpoint.health().createdAt(),
        null);
  }

  EndpointView with(String revealed) {
    return new EndpointView(id, user, channel, address, state, note, failures, since, revealed);
  }
}
