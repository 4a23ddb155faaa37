package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.Screen.Frame;
import dev.troth.server.console.Screen.WatchlistState;
import dev.troth.server.console.Screen.WatchlistState.Watched;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.kept.KeptPages;
import dev.troth.server.console.kept.Stamp;
import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.page.Slots;
import dev.troth.server.console.site.Site;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.FormBody;
import dev.troth.server.http.Json;
import dev.troth.server.http.PageResponse;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pages and the forms on them.
 *
 * <p>Every page answers {@code Accept: application/json} with the state of its islands, and {@code
 * Troth-Fragments: alerts chain} with these fragments of it alone. Every form answers a browser
 * with the way back to the page, and a script with the page's new state.
 */
final class PageRoutes implements Routes {
  private static final HeaderName FRAGMENTS = HeaderNames.create("Troth-Fragments");

  /** Asks for the state alone. */
  private static final String NO_KEYS = "-";

  private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");

  private final Site site;
  private final Services services;
  private final String version;
  private final Database database;
  private final Optional<URI> demo;
  private final BuiltPage<Message> message;
  private final KeptPages kept = new KeptPages();

  /** One thing to say, instead of a page. */
  private record Message(String theme, String title, String detail) {
    static final Slots<Message> SLOTS =
        new Slots<Message>()
            .text("page.theme", Message::theme)
            .text("message.title", Message::title)
            .text("message.detail", Message::detail);
  }

  PageRoutes(Site site, Services services, Database database, String version, Optional<URI> demo) {
    this.site = site;
    this.services = services;
    this.database = database;
    this.version = version;
    this.demo = demo;
    this.message = BuiltPage.cut("message.html", site.page("message.html"), Message.SLOTS);
  }

  @Override
  public void addTo(HttpRules rules) {
    Pages.of(services, demo).forEach(page -> add(rules, page));
    rules.get("/go/{+id}", guarded(this::go));
  }

  /** Cuts a page of the list and adds its path, and that of its forms. */
  private <V> void add(HttpRules rules, Page<V> page) {
    BuiltPage<Screen<V>> built =
        BuiltPage.cut(page.file(), site.page(page.file()), Screen.slots(page.slots()));
    rules.get(page.path(), guarded((request, response) -> answer(request, response, built, page)));
    page.forms()
        .ifPresent(forms ->
            rules.post(
                page.path(), guarded((request, response) -> act(request, response, page, forms))));
  }

  private <V> void act(
      ServerRequest request, ServerResponse response, Page<V> page, Page.Forms forms) {
    var _ = Callers.require(request, forms.needed());
    Visit visit = visit(request);
    forms.action().perform(FormBody.parse(Json.body(request)), visit);
    if (wantsJson(request)) {
      Json.send(response, screen(page, visit).state());
    } else {
      seeOther(response, site.base().at(request.path().rawPath()));
    }
  }

  /** A page for one caller, read afresh. */
  private <V> Screen<V> screen(Page<V> page, Visit visit) {
    // First of all, so that the page is never older than the position it names.
    ChangeFeed.Position position = services.inbox().position();
    V view = page.view().apply(visit);
    String user = visit.caller().user();
    Optional<Target.One> subject = page.subject().apply(view).map(Target.One::new);
    WatchlistState state =
        new WatchlistState(
            position.epoch(),
            position.head(),
            visit.moment().now(),
            user,
            services.inbox().unread(visit.caller(), user),
            services.watches().count(user),
            services.objectives().burning(),
            subject
                .map(one -> new Watched(one.toString(), services.watches().isWatching(user, one)))
                .orElse(null));
    return new Screen<>(frame(visit), state, view);
  }

  private Frame frame(Visit visit) {
    Caller caller = visit.caller();
    String role =
        caller.development()
            ? caller.role() + " · development identity, authentication is off"
            : caller.role().toString();
    return new Frame(
        visit.theme(),
        caller.user(),
        role,
        caller.has(Role.MEMBER),
        caller.has(Role.ADMIN),
        visit.path(),
        "",
        version);
  }

  /** Opens what a notification is about, which is read then, or what a watch is of. */
  private void go(ServerRequest request, ServerResponse response) {
    Visit visit = visit(request);
    long notification = visit.number("notification", 0);
    if (notification > 0 && visit.caller().has(Role.MEMBER) && isAskedHere(request)) {
      services.inbox().read(visit.caller(), notification);
    }
    seeOther(response, site.base().at(placeOf(visit.id())));
  }

  /** Another site's link opens a page as any other, and changes nothing. */
  private static boolean isAskedHere(ServerRequest request) {
    return request.headers().first(SITE).filter("same-origin"::equals).isPresent();
  }

  /** Where a subject has its page. */
  private String placeOf(String subject) {
    String id = subject.substring(subject.indexOf('/') + 1);
    boolean isOne = !id.equals("*") && subject.contains("/");
    String path = Formats.pathOf(id);
    return switch (isOne ? subject.split("/", 2)[0] : "") {
      case "record" -> "/records/" + path;
      case "slo" -> "/objectives/" + path;
      case "trace" -> "/traces/" + path;
      case "contract" ->
          services
              .views()
              .contracts()
              .of(new Subject("contract", id))
              .map(contract -> "/contracts/" + Formats.pathOf(contract))
              .orElse("/subjects/" + Formats.pathOf(subject));
      case "incident" ->
          services
              .views()
              .incidents()
              .incident(id)
              .map(incident -> "/objectives/" + Formats.pathOf(incident.objective()))
              .orElse("/subjects/" + Formats.pathOf(subject));
      default -> "/subjects/" + Formats.pathOf(subject);
    };
  }

  @Override
  public boolean answersProblem(ServerRequest request, ServerResponse response, Problem problem) {
    String path = request.path().rawPath();
    String accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
    boolean others = path.startsWith("/api/") || path.startsWith("/registry");
    if (others || !accept.contains("text/html") || wantsJson(request)) {
      return false;
    }
    refuse(request, response, problem);
    return true;
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
      String back = URLEncoder.encode(pathAndQuery(request), StandardCharsets.UTF_8);
      seeOther(response, site.base().at("/login?back=" + back));
      return;
    }
    response.status(Status.create(problem.status()));
    send(
        request,
        response,
        message,
        new Message(LoginRoutes.theme(request), problem.title(), problem.detail()));
  }

  private <V> void answer(
      ServerRequest request, ServerResponse response, BuiltPage<Screen<V>> built, Page<V> page) {
    Visit visit = visit(request);
    Optional<String> keys = request.headers().first(FRAGMENTS);
    if (keys.isPresent()) {
      byte[] fragments = fragments(built, screen(page, visit), keys.get());
      PageResponse.sendFragments(response, built.policy(), fragments);
    } else if (wantsJson(request)) {
      response.header(HeaderNames.VARY, "Accept").header(HeaderNames.CACHE_CONTROL, "no-store");
      Json.send(response, screen(page, visit).state());
    } else {
      PageResponse.send(request, response, built.policy(), content(built, page, visit));
    }
  }

  /** The page as it was filled last, if nothing has moved since; else filled now. */
  private <V> PageResponse.Content content(BuiltPage<Screen<V>> built, Page<V> page, Visit visit) {
    Optional<Stamp> stamp = page.isKept() ? stamp(visit.caller()) : Optional.empty();
    if (stamp.isEmpty()) {
      return new PageResponse.Content(built.fill(screen(page, visit)));
    }
    return kept.find(visit, stamp.get())
        .orElseGet(() -> kept.keep(visit, stamp.get(), built.fill(screen(page, visit))));
  }

  /**
   * What pages show, as of now; empty where it cannot be told: an inbox that is counted in steps
   * moves with each look.
   */
  private Optional<Stamp> stamp(Caller caller) {
    return services.inbox().isCounted(caller.user())
        ? Optional.of(
            new Stamp(
                database.state(), services.objectives().burning(), services.traces().losses()))
        : Optional.empty();
  }

  private static <V> byte[] fragments(BuiltPage<Screen<V>> page, Screen<V> screen, String keys) {
    try {
      return page.fill(screen, keys.equals(NO_KEYS) ? List.of() : List.of(keys.split(" ")));
    } catch (IllegalArgumentException e) {
      // Of another build of the site: the script that asked loads the page afresh.
      throw Problem.badRequest(String.valueOf(e.getMessage())).toException();
    }
  }

  static <V> void send(ServerRequest request, ServerResponse response, BuiltPage<V> page, V view) {
    PageResponse.send(request, response, page.policy(), page.fill(view));
  }

  private static String pathAndQuery(ServerRequest request) {
    String query = request.query().rawValue();
    return request.path().rawPath() + (query.isEmpty() ? "" : "?" + query);
  }

  /** Sends a browser on to an address of this host. */
  static void seeOther(ServerResponse response, String path) {
    response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, path).send();
  }

  private Visit visit(ServerRequest request) {
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
        LoginRoutes.theme(request),
        pathAndQuery(request),
        (Cookies.isOverTls(request) ? "https://" : "http://")
            + request.authority()
            + site.base().prefix(),
        id(request),
        query,
        new Moment(services.clock().instant()));
  }

  private static boolean wantsJson(ServerRequest request) {
    String accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
    return accept.contains("application/json") && !accept.contains("text/html");
  }

  private static String id(ServerRequest request) {
    return request.path().pathParameters().first("id").orElse("");
  }
}
