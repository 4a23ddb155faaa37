package dev.troth.server.inbox;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.Revisions;
import dev.troth.server.db.Database;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@code /api/inbox}: a user's notifications, newest first, and the marks on them. */
public final class InboxRoutes implements Routes {
  private final Database database;
  private final InboxStore inbox;
  private final Revisions touches;
  private final ChangeFeed feed;

  public InboxRoutes(Database database, InboxStore inbox, Revisions touches, ChangeFeed feed) {
    this.database = database;
    this.inbox = inbox;
    this.touches = touches;
    this.feed = feed;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/inbox", this::list)
        .get("/api/inbox/unread", this::unread)
        .post("/api/inbox/read", this::readAll)
        .post("/api/inbox/{id}/read", mark(Mark::read))
        .post("/api/inbox/{id}/unread", mark(Mark::unread))
        .post("/api/inbox/{id}/done", mark(Mark::done))
        .post("/api/inbox/{id}/undo", mark(Mark::undone));
  }

  private void list(ServerRequest request, ServerResponse response) {
    String user = user(request);
    Predicate<Mark> wanted = wanted(Parameters.text(request, "state", "inbox"));
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Math.max(1, Parameters.limit(request, 50, 200));
    if (unchanged(request, response, user)) {
      return;
    }
    Map<String, Object> document =
        database.read(handle -> {
          InboxStore.Page page = inbox.page(handle, user, before, limit, wanted);
          Map<String, Object> found = new LinkedHashMap<>();
          found.put("unread", inbox.unread(handle, user));
          found.put("items", page.items().stream().map(InboxItem::document).toList());
          if (page.next() > 0) {
            found.put("next", page.next());
          }
          return found;
        });
    Json.send(response, document);
  }

  private void unread(ServerRequest request, ServerResponse response) {
    String user = user(request);
    if (!unchanged(request, response, user)) {
      Json.send(response, counted(user));
    }
  }

  /**
   * Sets the ETag: it moves with every change of the log and every touch of the user, so an
   * unchanged one needs no look at the database. Answers 304 when the client has it already.
   */
  private boolean unchanged(ServerRequest request, ServerResponse response, String user) {
    ChangeFeed.Position position = feed.position();
    String etag =
        "W/\"%s-%d-%x-%x\""
            .formatted(position.epoch(), position.head(), touches.of(user), user.hashCode());
    response.header(HeaderNames.ETAG, etag);
    response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
    boolean same =
        request.headers().first(HeaderNames.IF_NONE_MATCH).filter(etag::equals).isPresent();
    if (same) {
      response.status(304).send();
    }
    return same;
  }

  private static Predicate<Mark> wanted(String state) {
    return switch (state) {
      case "inbox" -> mark -> !mark.isDone();
      case "unread" -> mark -> mark == Mark.UNREAD;
      case "read" -> mark -> mark == Mark.READ;
      case "done" -> Mark::isDone;
      case "all" -> mark -> true;
      default ->
          throw Problem.badRequest(
                  "state is '%s', expected inbox, unread, read, done or all".formatted(state))
              .toException();
    };
  }

  private Handler mark(UnaryOperator<Mark> change) {
    return (request, response) -> {
      String user = user(request);
      long seq = Parameters.id(request);
      boolean found =
          database.write(handle -> {
            handle.afterCommit(() -> touches.touch(user));
            return inbox.mark(handle, user, seq, change).isPresent();
          });
      if (!found) {
        throw Problem.notFound("notification %d is not in the inbox of %s".formatted(seq, user))
            .toException();
      }
      Json.send(response, counted(user));
    };
  }

  /** Marks all read up to {@code ?upto=}, else up to now. */
  private void readAll(ServerRequest request, ServerResponse response) {
    String user = user(request);
    long head = feed.position().head();
    long upto = Math.min(head, Parameters.number(request, "upto", head, Long.MAX_VALUE));
    database.write(handle -> {
      handle.afterCommit(() -> touches.touch(user));
      inbox.readAll(handle, user, upto);
      return upto;
    });
    Json.send(response, counted(user));
  }

  private Map<String, Object> counted(String user) {
    int unread = database.read(handle -> inbox.unread(handle, user));
    return Map.of("unread", unread);
  }

  private static String user(ServerRequest request) {
    Caller caller = Callers.require(request, Role.READER);
    String user = Parameters.text(request, "user", caller.user());
    var _ = Callers.requireFor(request, user);
    return user;
  }
}
