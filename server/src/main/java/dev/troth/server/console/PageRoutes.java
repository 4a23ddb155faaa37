package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.console.CutPages.Message;
import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The pages and the forms on them.
 *
 * <p>Every page answers {@code Accept: application/json} with the state of its islands, and {@code
 * Troth-Fragments: alerts chain} with these fragments of it alone. Every form answers a browser
 * with the way back to the page, and a script with the page's new state.
 */
final class PageRoutes implements Routes {
  static final HeaderName NO_SNIFF = HeaderNames.create("X-Content-Type-Options");
  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName FRAGMENTS = HeaderNames.create("Troth-Fragments");
  private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");
  private static final int LONGEST_VALUE = 4_096;

  private final Site site;
  private final List<Page<?>> list;
  private final CutPages pages;
  private final Screens screens;
  private final Feeds.Changes changes;

  PageRoutes(
      Site site, List<Page<?>> list, CutPages pages, Screens screens, Feeds.Changes changes) {
    this.site = site;
    this.list = list;
    this.pages = pages;
    this.screens = screens;
    this.changes = changes;
  }

  @Override
  public void addTo(HttpRules rules) {
    list.forEach(page -> add(rules, page));
    rules
        .get("/", show(pages.overview(), (visit, id) -> screens.overview(visit)))
        .get("/records/{+id}", show(pages.record(), screens::record))
        .get("/inbox", show(pages.inbox(), (visit, id) -> screens.inbox(visit)))
        .get("/watches", show(pages.watches(), (visit, id) -> screens.watches(visit)))
        .get("/go/{+id}", (request, response) -> seeOther(response, placeOf(id(request))))
        .post("/records/{+id}", act(this::changeRecord, screens::record))
        .post("/inbox", act(this::changeInbox, (visit, id) -> screens.inbox(visit)))
        .post("/watches", act(this::changeWatches, (visit, id) -> screens.watches(visit)));
  }

  /** Cuts a page of the list and adds its path, and that of its forms. */
  private <V> void add(HttpRules rules, Page<V> page) {
    BuiltPage<Screen<V>> built =
        BuiltPage.cut(page.file(), site.page(page.file()), Screen.slots(page.slots()));
    BiFunction<Visit, String, Screen<V>> screen =
        (visit, id) -> screens.screen(visit, page.view().apply(visit));
    rules.get(page.path(), show(built, screen));
    page.action().ifPresent(action -> rules.post(page.path(), act(action, screen)));
  }

  private void changeRecord(FormBody form, Caller caller, String id) {
    switch (form.require("do")) {
      case "update" -> changes.update(id, bounded(form.get("value")), caller);
      case "watch" -> changes.watch("record/" + id, caller);
      case "unwatch" -> unwatch("record/" + id, caller);
      default -> throw unknown(form, "update, watch or unwatch");
    }
  }

  /** Ends the caller's watch of a subject; there is none to end when it was ended elsewhere. */
  private void unwatch(String subject, Caller caller) {
    new Doc(changes.watches(caller))
        .list("items").stream()
            .filter(watch -> watch.text("target").equals(subject))
            .forEach(watch -> changes.unwatch(watch.text("id"), caller));
  }

  private void changeInbox(FormBody form, Caller caller, String none) {
    switch (form.require("do")) {
      case "read", "unread", "done", "undo" ->
          changes.mark(form.require("id"), form.get("do"), caller);
      case "read-all" -> changes.markAllRead(caller);
      default -> throw unknown(form, "read, unread, done, undo or read-all");
    }
  }

  private void changeWatches(FormBody form, Caller caller, String none) {
    switch (form.require("do")) {
      case "add" -> changes.watch(form.require("target").strip(), caller);
      case "remove" -> changes.unwatch(form.require("id"), caller);
      default -> throw unknown(form, "add or remove");
    }
  }

  private static String bounded(String value) {
    if (value.length() > LONGEST_VALUE) {
      throw Problem.badRequest(
              "value has %d characters, expected at most %d"
                  .formatted(value.length(), LONGEST_VALUE))
          .toException();
    }
    return value;
  }

  private static ProblemException unknown(FormBody form, String expected) {
    return Problem.badRequest("do is %s, expected %s".formatted(form.get("do"), expected))
        .toException();
  }

  /** Where a subject has its page; a subject without one is shown among the watches. */
  private static String placeOf(String subject) {
    String id = Formats.pathOf(subject.substring(subject.indexOf('/') + 1));
    return switch (subject.split("/", 2)[0]) {
      case "record" -> "/records/" + id;
      case "slo" -> "/objectives/" + id;
      case "incident" -> "/objectives";
      default -> "/watches";
    };
  }

  private <B> Handler show(BuiltPage<Screen<B>> page, BiFunction<Visit, String, Screen<B>> screen) {
    return guarded((request, response) ->
        answer(request, response, page, screen.apply(visit(request), id(request))));
  }

  private <B> Handler act(Page.Action action, BiFunction<Visit, String, Screen<B>> screen) {
    return guarded((request, response) -> {
      Caller caller = Callers.require(request, Role.MEMBER);
      action.perform(FormBody.parse(Json.body(request)), caller, id(request));
      if (wantsJson(request)) {
        Json.send(response, screen.apply(visit(request), id(request)).state());
      } else {
        seeOther(response, request.path().rawPath());
      }
    });
  }

  /** Says in a page, not in JSON, what a person cannot have; who is not signed in may sign in. */
  private Handler guarded(Handler handler) {
    return (request, response) -> {
      try {
        handler.handle(request, response);
      } catch (ProblemException e) {
        refuse(request, response, e.problem());
      } catch (DomainException e) {
        refuse(request, response, Problem.of(e));
      }
    };
  }

  private void refuse(ServerRequest request, ServerResponse response, Problem problem) {
    if (wantsJson(request)) {
      throw problem.toException();
    }
    if (problem.status() == 401) {
      String back = URLEncoder.encode(request.path().rawPath(), StandardCharsets.UTF_8);
      seeOther(response, "/login?back=" + back);
      return;
    }
    response.status(Status.create(problem.status()));
    send(
        response,
        pages.message(),
        new Message(SessionRoutes.theme(request), problem.title(), problem.detail()));
  }

  private static <B> void answer(
      ServerRequest request, ServerResponse response, BuiltPage<Screen<B>> page, Screen<B> screen) {
    Optional<String> keys = request.headers().first(FRAGMENTS);
    if (keys.isPresent()) {
      send(response, page.policy(), fragments(page, screen, keys.get()));
      return;
    }
    if (wantsJson(request)) {
      response.header(HeaderNames.VARY, "Accept").header(HeaderNames.CACHE_CONTROL, "no-store");
      Json.send(response, screen.state());
    } else {
      send(response, page, screen);
    }
  }

  private static <B> byte[] fragments(BuiltPage<Screen<B>> page, Screen<B> screen, String keys) {
    try {
      return page.fill(screen, List.of(keys.split(" ")));
    } catch (IllegalArgumentException e) {
      // Of another build of the site: the script that asked loads the page afresh.
      throw Problem.badRequest(String.valueOf(e.getMessage())).toException();
    }
  }

  static <V> void send(ServerResponse response, BuiltPage<V> page, V view) {
    send(response, page.policy(), page.fill(view));
  }

  /** A page for one caller alone: nobody between may keep it. */
  private static void send(ServerResponse response, String policy, byte[] html) {
    response
        .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
        .header(HeaderNames.CACHE_CONTROL, "private, no-cache")
        .header(HeaderNames.VARY, "Accept, Cookie, Troth-Fragments")
        .header(POLICY, policy)
        .header(NO_SNIFF, "nosniff")
        .header(REFERRER, "same-origin")
        .send(html);
  }

  static void seeOther(ServerResponse response, String path) {
    response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, path).send();
  }

  private static Visit visit(ServerRequest request) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String name : request.query().names()) {
      request
          .query()
          .first(name)
          .filter(value -> !value.isBlank())
          .ifPresent(value -> query.put(name, value));
    }
    return new Visit(
        Callers.of(request),
        SessionRoutes.theme(request),
        request.path().rawPath(),
        id(request),
        query);
  }

  private static boolean wantsJson(ServerRequest request) {
    String accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
    return accept.contains("application/json") && !accept.contains("text/html");
  }

  private static String id(ServerRequest request) {
    return request.path().pathParameters().first("id").orElse("");
  }
}
