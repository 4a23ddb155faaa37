package dev.troth.server.watch;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.http.Callers;
import dev.troth.server.http.IdempotencyStore;
import dev.troth.server.http.IdempotentRequest;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import dev.troth.server.http.StoredResponse;
import dev.troth.server.watch.WatchStore.Watched;
import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@code /api/watches}: a user's own watches; an admin may name another user. */
public final class WatchRoutes implements Routes {
  private static final int MOST_AT_ONCE = 1_000;

  private final Database database;
  private final IdempotencyStore writes;
  private final WatchStore watches;
  private final Watches desk;

  public WatchRoutes(Database database, IdempotencyStore writes, WatchStore watches, Watches desk) {
    this.database = database;
    this.writes = writes;
    this.watches = watches;
    this.desk = desk;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/watches", this::list)
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
    var _ = Callers.requireFor(request, user);
    List<StoredWatch> standing = database.read(handle -> watches.standing(handle, user));
    Json.send(response, Map.of("items", standing.stream().map(WatchBody::document).toList()));
  }

  private void get(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    long id = Parameters.id(request);
    StoredWatch standing = database.read(handle -> own(handle, caller, id));
    Json.send(response, WatchBody.document(standing));
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
              Watched watched = add(handle, caller, given);
              Map<String, Object> document = WatchBody.document(watched.standing());
              return watched.created()
                  ? StoredResponse.created(document)
                  : StoredResponse.ok(document);
            })
        .send(response);
  }

  /** All that can be added are; each that cannot is named with its reason. */
  private void addMany(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    byte[] body = Json.body(request);
    List<WatchBody> given =
        requireNonNullElse(Parameters.json(request, body, Bulk.class).watches(), List.of());
    if (given.isEmpty() || given.size() > MOST_AT_ONCE) {
      throw Problem.badRequest(
              "watches has %d entries, expected 1 to %d".formatted(given.size(), MOST_AT_ONCE))
          .toException();
    }
    writes
        .once(IdempotentRequest.of(request, body), caller, handle -> addAll(handle, caller, given))
        .send(response);
  }

  private StoredResponse addAll(Handle handle, Caller caller, List<WatchBody> given) {
    int created = 0;
    List<Map<String, Object>> failed = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      try {
        created += add(handle, caller, given.get(i)).created() ? 1 : 0;
      } catch (ProblemException e) {
        failed.add(Map.of("index", i, "detail", e.problem().detail()));
      }
    }
    int standing = given.size() - created - failed.size();
    Map<String, Object> document =
        Map.of("created", created, "standing", standing, "failed", failed);
    return StoredResponse.of(failed.isEmpty() ? 200 : 207, document)
        .with("Troth-Failed-Entries", Integer.toString(failed.size()));
  }

  private Watched add(Handle handle, Caller caller, WatchBody given) {
    String user = requireNonNullElse(given.user(), caller.user());
    if (!caller.mayActFor(user)) {
      throw Problem.forbidden(
              "user is %s, expected %s or an admin's token".formatted(user, caller.user()))
          .toException();
    }
    Watch asked =
        Parameters.valid(() -> {
          if (given.target() == null) {
            throw new IllegalArgumentException("target is missing, expected type/id, type/* or *");
          }
          Target target = Target.parse(given.target());
          return new Watch(0, user, target, given.over(WatchSettings.all()), new Watch.Term(0, 0));
        });
    Watched watched = desk.watch(handle, user, asked.target(), asked.wish());
    return watched.created()
        ? watched
        : new Watched(desk.edit(handle, watched.standing(), given::over), false);
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
    Instant time = Parameters.valid(() -> WatchBody.time(until));
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
            handle ->
                StoredResponse.ok(
                    WatchBody.document(desk.edit(handle, own(handle, caller, id), change))))
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
              desk.unwatch(handle, own(handle, caller, id));
              return StoredResponse.ok(Map.of("removed", id));
            })
        .send(response);
  }

  /** The caller's watch; another user's is as absent as one that never was. */
  private StoredWatch own(Handle handle, Caller caller, long id) {
    return watches
        .find(handle, id)
        .filter(standing -> caller.mayActFor(standing.watch().user()))
        .orElseThrow(() -> Problem.notFound("watch %d does not exist".formatted(id)).toException());
  }
}
