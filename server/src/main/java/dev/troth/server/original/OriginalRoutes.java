package dev.troth.server.original;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.channel.ConsoleChannel;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import dev.troth.server.http.idempotency.IdempotencyStore;
import dev.troth.server.http.idempotency.IdempotentRequest;
import dev.troth.server.http.idempotency.StoredResponse;
import dev.troth.server.record.RecordView;
import dev.troth.server.record.Records;
import dev.troth.server.watch.Watches;
import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The three routes of the small design that Troth grew from, shape for shape: {@code GET
 * /api/record/{id}}, {@code POST /api/watch/{id}}, {@code POST /api/update/{id}}. Their problem
 * documents have an {@code error} member besides, which its clients read.
 *
 * <p>A body's {@code user} is taken as given in development; with authentication it must be the
 * caller, or the caller an admin.
 */
public final class OriginalRoutes implements Routes {
  private final IdempotencyStore writes;
  private final Records records;
  private final Watches watches;

  public OriginalRoutes(IdempotencyStore writes, Records records, Watches watches) {
    this.writes = writes;
    this.records = records;
    this.watches = watches;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/record/{id}", withErrorMember(this::record))
        .post("/api/watch/{id}", withErrorMember(this::watch))
        .post("/api/update/{id}", withErrorMember(this::update));
  }

  private static Handler withErrorMember(Handler handler) {
    return (request, response) -> {
      try {
        handler.handle(request, response);
      } catch (ProblemException e) {
        throw e.problem().with("error", e.problem().detail()).toException();
      } catch (DomainException e) {
        throw Problem.of(e).with("error", e.detail()).toException();
      }
    };
  }

  private void record(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    long id = Parameters.id(request);
    RecordView record = records.get(id);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", record.id());
    document.put("name", record.name());
    document.put("value", record.value());
    Json.send(response, document);
  }

  private void watch(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    byte[] body = Json.body(request);
    String user = text(Parameters.json(request, body, JsonNode.class), "user");
    var _ = Callers.require(request, Role.MEMBER);
    Caller caller = Callers.requireFor(request, user);
    Target target = new Target.One(Records.subjectOf(id));
    WatchSettings wish = WatchSettings.all().on(Set.of(ConsoleChannel.NAME));
    Watch valid = Parameters.valid(() -> new Watch(0, user, target, wish, new Watch.Term(0, 0)));
    writes
        .once(
            IdempotentRequest.of(request, body),
            caller,
            handle -> {
              RecordView record = records.get(handle, id);
              boolean created = watches.watch(handle, caller, valid.user(), target, wish);
              return StoredResponse.ok(
                  Map.of(
                      "message",
                      "%s %s watching %s."
                          .formatted(user, created ? "is now" : "is already", record.name())));
            })
        .send(response);
  }

  private void update(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Parameters.id(request);
    byte[] body = Json.body(request);
    String value = text(Parameters.json(request, body, JsonNode.class), "value");
    writes
        .once(
            IdempotentRequest.of(request, body),
            caller,
            handle -> {
              var _ = records.update(handle, id, value, caller.user());
              return StoredResponse.ok(
                  Map.of("message", "Record updated and notifications queued."));
            })
        .send(response);
  }

  /** A text, or a number or boolean as its text; the original kept any of them. */
  private static String text(JsonNode body, String name) {
    JsonNode value = body.path(name);
    if (!value.isValueNode() || value.isNull()) {
      String found = value.isMissingNode() ? "missing" : value.toString();
      throw Problem.badRequest("%s is %s, expected a text".formatted(name, found)).toException();
    }
    return value.asString();
  }
}
