package dev.troth.server.inbox;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.inbox.Inbox.Action;
import dev.troth.server.inbox.Inbox.Wanted;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/** {@code /api/inbox}: a user's notifications, newest first, and the marks on them. */
public final class InboxRoutes implements Routes {
  private final Inbox inbox;

  public InboxRoutes(Inbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/inbox", taking(this::list, "state", "before", "limit", "user"))
        .get("/api/inbox/unread", taking(this::unread, "user"))
        .post("/api/inbox/read", taking(this::readAll, "upto", "user"))
        .post("/api/inbox/{id}/read", taking(mark(Action.READ), "user"))
        .post("/api/inbox/{id}/unread", taking(mark(Action.UNREAD), "user"))
        .post("/api/inbox/{id}/done", taking(mark(Action.DONE), "user"))
        .post("/api/inbox/{id}/undo", taking(mark(Action.UNDO), "user"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = user(request, caller);
    Wanted wanted = wanted(Parameters.text(request, "state", "inbox"));
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Parameters.limit(request, 50, 200);
    if (!unchanged(request, response, user)) {
      Json.send(response, inbox.page(caller, user, wanted, before, limit));
    }
  }

  private void unread(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = user(request, caller);
    if (!unchanged(request, response, user)) {
      count(response, caller, user);
    }
  }

  /**
   * Sets the ETag: an inbox of the same revision needs no look at the database. Answers 304 when
   * the client has it already.
   */
  private boolean unchanged(ServerRequest request, ServerResponse response, String user) {
    String etag = "W/\"" + inbox.revision(user) + '"';
    response.header(HeaderNames.ETAG, etag);
    response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
    boolean same =
        request.headers().first(HeaderNames.IF_NONE_MATCH).filter(etag::equals).isPresent();
    if (same) {
      response.status(304).send();
    }
    return same;
  }

  private static Wanted wanted(String state) {
    return switch (state) {
      case "inbox" -> Wanted.INBOX;
      case "unread" -> Wanted.UNREAD;
      case "read" -> Wanted.READ;
      case "done" -> Wanted.DONE;
      case "all" -> Wanted.ALL;
      default ->
          throw Problem.badRequest(
                  "state is '%s', expected inbox, unread, read, done or all".formatted(state))
              .toException();
    };
  }

  private Handler mark(Action action) {
    return (request, response) -> {
      Caller caller = Callers.require(request, Role.READER);
      String user = user(request, caller);
      inbox.mark(caller, user, Parameters.id(request), action);
      count(response, caller, user);
    };
  }

  /** Marks all read up to {@code ?upto=}, else up to now. */
  private void readAll(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = user(request, caller);
    inbox.readAll(caller, user, Parameters.number(request, "upto", Long.MAX_VALUE, Long.MAX_VALUE));
    count(response, caller, user);
  }

  private void count(ServerResponse response, Caller caller, String user) {
    Json.send(response, Map.of("unread", inbox.unread(caller, user)));
  }

  private static String user(ServerRequest request, Caller caller) {
    String user = Parameters.text(request, "user", caller.user());
    caller.requireFor(user);
    return user;
  }
}
