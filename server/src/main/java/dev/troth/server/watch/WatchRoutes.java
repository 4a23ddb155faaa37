package dev.troth.server.watch;

import static dev.troth.server.http.Parameters.taking;
import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.http.idempotency.IdempotencyStore;
import dev.troth.server.http.idempotency.IdempotentRequest;
import dev.troth.server.http.idempotency.StoredResponse;
import dev.troth.watch.WatchSettings;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@code /api/watches}: a user's own watches; an admin may name another user. */
public final class WatchRoutes implements Routes {
  private final IdempotencyStore writes;
  private final Watches watches;
  private final Clock clock;

  public WatchRoutes(IdempotencyStore writes, Watches watches, Clock clock) {
    this.writes = writes;
    this.watches = watches;
    this.clock = clock;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/watches", taking(this::list, "user", "after", "limit"))
        .post("/api/watches", this::add)
        .post("/api/watches/bulk", this::addMany)
        .get("/api/watches/{id}", this::get)
        .patch("/api/watches/{id}", this::edit)
        .delete("/api/watches/{id}", this::remove)
        .post("/api/watches/{id}/mute", this::mute)
        .delete("/api/watches/{id}/mute", this::unmute);
  }

  private record Bulk(@Nullable List<WatchBody> watches) {}

  private record Mute(@Nullable String until) {}

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = Parameters.text(request, "user", caller.user());
    long after = Parameters.number(request, "after", 0, Long.MAX_VALUE);
    int limit = Parameters.limit(request, 50, 500);
    List<WatchView> found = watches.of(caller, user, after, limit + 1);
    boolean more = found.size() > limit;
    List<WatchView> page = more ? found.subList(0, limit) : found;
    Json.send(response, new Items<>(page, more ? page.getLast().id() : null));
  }

  private void get(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    Json.send(response, watches.get(caller, Parameters.id(request)));
  }

  private void add(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    byte[] body = Json.body(request);
    WatchBody given = Parameters.json(request, body, WatchBody.class);
    writes
        .once(
            IdempotentRequest.of(request, body),
            caller,
            handle -> {
              Watches.Watched watched = watches.add(handle, caller, given);
              return StoredResponse.of(watched.created() ? 201 : 200, watched.watch());
            })
        .send(response);
  }

  /** All that can be added are; each that cannot is named with its reason. */
  private void addMany(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    byte[] body = Json.body(request);
    List<WatchBody> given =
        requireNonNullElse(Parameters.json(request, body, Bulk.class).watches(), List.of());
    if (given.isEmpty() || given.size() > Watches.MOST_AT_ONCE) {
      throw Problem.badRequest(
              "watches has %d entries, expected 1 to %d"
                  .formatted(given.size(), Watches.MOST_AT_ONCE))
          .toException();
    }
    writes
        .once(IdempotentRequest.of(request, body), caller, handle -> addAll(handle, caller, given))
        .send(response);
  }

  private StoredResponse addAll(Handle handle, Caller caller, List<WatchBody> given) {
    Watches.Added added = watches.addAll(handle, caller, given);
    int failed = added.refused();
    return StoredResponse.of(failed == 0 ? 200 : 207, added)
        .with("Troth-Failed-Entries", Integer.toString(failed));
  }

  private void edit(ServerRequest request, ServerResponse response) {
    byte[] body = Json.body(request);
    WatchBody given = Parameters.json(request, body, WatchBody.class);
    if (given.target() != null || given.user() != null) {
      throw Problem.unprocessable("a watch's target and user stay, expected another watch instead")
          .toException();
    }
    change(request, response, body, given::over);
  }

  private void mute(ServerRequest request, ServerResponse response) {
    byte[] body = Json.body(request);
    String until = requireNonNullElse(Parameters.json(request, body, Mute.class).until(), "");
    Instant time = Parameters.valid(() -> WatchBody.time("until", until));
    if (!time.isAfter(clock.instant())) {
      throw Problem.unprocessable(
              "until is '%s', expected a time that is still to come".formatted(until))
          .toException();
    }
    change(request, response, body, wish -> wish.mutedUntil(time));
  }

  private void unmute(ServerRequest request, ServerResponse response) {
    change(request, response, new byte[0], wish -> wish.mutedUntil(Instant.EPOCH));
  }

  private void change(
      ServerRequest request,
      ServerResponse response,
      byte[] body,
      UnaryOperator<WatchSettings> change) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Parameters.id(request);
    writes
        .once(
            IdempotentRequest.of(request, body),
            caller,
            handle -> StoredResponse.ok(watches.edit(handle, caller, id, change)))
        .send(response);
  }

  private void remove(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Parameters.id(request);
    writes
        .once(
            IdempotentRequest.of(request, new byte[0]),
            caller,
            handle -> {
              watches.remove(handle, caller, id);
              return StoredResponse.ok(Map.of("removed", id));
            })
        .send(response);
  }
}
