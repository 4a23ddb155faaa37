package dev.troth.server.event;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.config.Config;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/** {@code POST /api/events}: CloudEvents 1.0 over HTTP, one at a time or in batches. */
public final class EventRoutes implements Routes {
  private static final int MOST_AT_ONCE = 1_000;

  private static final String FAILED = "Troth-Failed-Entries";

  private final IdempotencyStore writes;
  private final Events events;
  private final NamedSchemas schemas;

  /**
   * Routes of events.
   *
   * @param strictness what becomes of events whose data does not keep the schema that they name
   */
  public EventRoutes(
      IdempotencyStore writes, Events events, Config.Strictness strictness, DataCheck check) {
    this.writes = writes;
    this.events = events;
    this.schemas = new NamedSchemas(strictness, check);
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
            List<JsonNode> given = EventReader.batch(body);
            requireSize(given.size());
            // Before the transaction, which reads nothing of the registry.
            List<Events.Unread> batch = given.stream().map(this::unread).toList();
            yield writes.once(
                IdempotentRequest.of(request, body),
                caller,
                handle -> takeAll(handle, caller, batch));
          }
          case STRUCTURED -> {
            JsonNode event = Json.parse(body, JsonNode.class);
            yield one(request, caller, body, unread(event));
          }
          case BINARY -> {
            Map<String, String> headers = Parameters.headers(request);
            yield one(
                request,
                caller,
                body,
                unread("", () -> EventReader.binary(headers, body), schemas.binary(headers, body)));
          }
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
      ServerRequest request, Caller caller, byte[] body, Events.Unread unread) {
    CloudEvent event = events.read(unread.reader());
    return writes.once(
        IdempotentRequest.of(request, body),
        caller,
        handle ->
            StoredResponse.ok(events.take(handle, caller.user(), event).with(unread.problem())));
  }

  /** All good events of a batch are taken, in one transaction; each other is named. */
  private StoredResponse takeAll(Handle handle, Caller caller, List<Events.Unread> batch) {
    Events.BatchView taken = events.takeAll(handle, caller.user(), batch);
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

  private Events.Unread unread(JsonNode event) {
    return unread(
        event.path("id").asString(""),
        () -> EventReader.structured(event),
        schemas.structured(event));
  }

  private Events.Unread unread(String id, Supplier<CloudEvent> reader, Optional<String> problem) {
    Optional<String> refusal = schemas.refusal(problem);
    return new Events.Unread(
        id,
        () -> {
          CloudEvent event = reader.get();
          refusal.ifPresent(why -> {
            throw new IllegalArgumentException(why);
          });
          return event;
        },
        problem);
  }
}
