package dev.troth.server.event;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.http.idempotency.IdempotencyStore;
import dev.troth.server.http.idempotency.IdempotentRequest;
import dev.troth.server.http.idempotency.StoredResponse;
import dev.troth.watch.event.CloudEvent;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/** {@code POST /api/events}: CloudEvents 1.0 over HTTP, one at a time or in batches. */
public final class EventRoutes implements Routes {
  private static final int MOST_AT_ONCE = 1_000;

  private static final String FAILED = "Troth-Failed-Entries";

  private final IdempotencyStore writes;
  private final Events events;

  public EventRoutes(IdempotencyStore writes, Events events) {
    this.writes = writes;
    this.events = events;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.post("/api/events", this::take);
  }

  private void take(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    EventReader.Mode mode = EventReader.mode(Parameters.headers(request));
    byte[] body = Json.body(request);
    StoredResponse answer =
        switch (mode) {
          case BATCH -> {
            List<JsonNode> batch = EventReader.batch(body);
            requireSize(batch.size());
            yield writes.once(
                IdempotentRequest.of(request, body),
                caller,
                handle -> takeAll(handle, caller, batch));
          }
          case STRUCTURED -> {
            JsonNode event = Json.parse(body, JsonNode.class);
            yield one(request, caller, body, () -> EventReader.structured(event));
          }
          case BINARY ->
              one(
                  request,
                  caller,
                  body,
                  () -> EventReader.binary(Parameters.headers(request), body));
        };
    answer.send(response);
  }

  private static void requireSize(int size) {
    if (size > MOST_AT_ONCE) {
      throw Problem.badRequest(
              "the batch has %d events, expected at most %d".formatted(size, MOST_AT_ONCE))
          .toException();
    }
  }

  private StoredResponse one(
      ServerRequest request, Caller caller, byte[] body, Supplier<CloudEvent> reader) {
    CloudEvent event = events.read(reader);
    return writes.once(
        IdempotentRequest.of(request, body),
        caller,
        handle -> StoredResponse.ok(events.take(handle, caller.user(), event)));
  }

  /** All good events of a batch are taken, in one transaction; each other is named. */
  private StoredResponse takeAll(Handle handle, Caller caller, List<JsonNode> batch) {
    Events.BatchView taken =
        events.takeAll(handle, caller.user(), batch.stream().map(EventRoutes::unread).toList());
    if (taken.accepted() == 0 && taken.failed() > 0) {
      throw Problem.unprocessable(
              "none of the %d events was taken; the first: %s"
                  .formatted(taken.failed(), taken.results().getFirst().detail()))
          .with("results", taken.results())
          .toException();
    }
    return StoredResponse.of(taken.failed() == 0 ? 200 : 207, taken)
        .with(FAILED, Integer.toString(taken.failed()));
  }

  private static Events.Unread unread(JsonNode event) {
    return new Events.Unread(event.path("id").asString(""), () -> EventReader.structured(event));
  }
}
