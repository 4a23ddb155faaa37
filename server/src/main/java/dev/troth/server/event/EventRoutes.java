package dev.troth.server.event;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ChangeJson;
import dev.troth.server.http.Callers;
import dev.troth.server.http.IdempotencyStore;
import dev.troth.server.http.IdempotentRequest;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.http.StoredResponse;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.event.CloudEvent;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/** {@code POST /api/events}: CloudEvents 1.0 over HTTP, one at a time or in batches. */
public final class EventRoutes implements Routes {
  private static final int MOST_AT_ONCE = 1_000;

  /**
   * What every CloudEvents intermediary must take, and what an inbox page can bear (§ Size Limits).
   */
  private static final int LONGEST = 64 * 1024;

  private static final String FAILED = "Troth-Failed-Entries";

  private final IdempotencyStore writes;
  private final EventStore events;

  public EventRoutes(IdempotencyStore writes, EventStore events) {
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
                IdempotentRequest.of(request, body), caller, handle -> takeAll(handle, batch));
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
    if (size == 0 || size > MOST_AT_ONCE) {
      throw Problem.badRequest(
              "the batch has %d events, expected 1 to %d".formatted(size, MOST_AT_ONCE))
          .toException();
    }
  }

  private StoredResponse one(
      ServerRequest request, Caller caller, byte[] body, Supplier<CloudEvent> reader) {
    CloudEvent event = Parameters.valid(() -> bounded(reader));
    return writes.once(
        IdempotentRequest.of(request, body),
        caller,
        handle -> StoredResponse.ok(events.take(handle, event).document()));
  }

  /** All good events of a batch are taken, in one transaction; each other is named. */
  private StoredResponse takeAll(Handle handle, List<JsonNode> batch) {
    List<Map<String, Object>> results = new ArrayList<>();
    int failed = 0;
    for (int i = 0; i < batch.size(); i++) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("index", i);
      JsonNode event = batch.get(i);
      result.put("id", event.path("id").asString(""));
      try {
        CloudEvent read = bounded(() -> EventReader.structured(event));
        result.put("status", 200);
        result.putAll(events.take(handle, read).document());
      } catch (IllegalArgumentException e) {
        failed++;
        result.put("status", 422);
        result.put("detail", String.valueOf(e.getMessage()));
      }
      results.add(result);
    }
    if (failed == batch.size()) {
      throw Problem.unprocessable(
              "none of the %d events was taken; the first: %s"
                  .formatted(failed, results.getFirst().get("detail")))
          .with("results", results)
          .toException();
    }
    Map<String, Object> document =
        Map.of("accepted", batch.size() - failed, "failed", failed, "results", results);
    return StoredResponse.of(failed == 0 ? 200 : 207, document)
        .with(FAILED, Integer.toString(failed));
  }

  private static CloudEvent bounded(Supplier<CloudEvent> reader) {
    CloudEvent event = reader.get();
    // The change is made here too, so that an event without a possible subject is refused in time.
    NewChange change = event.change();
    int length = ChangeJson.body(change.before(), change.after(), change.event()).length();
    if (length > LONGEST) {
      throw new IllegalArgumentException(
          "event has %d characters, expected at most %d".formatted(length, LONGEST));
    }
    return event;
  }
}
