package dev.troth.server.console;

import dev.troth.server.console.CutPages.Login;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;

/** Signing in with a token, signing out, and the theme: what a browser carries in cookies. */
final class SessionRoutes implements Routes {
  private static final String THEME = "troth-theme";
  private static final Set<String> THEMES = Set.of("light", "dark", "auto");

  private final CutPages pages;
  private final SignIn signIn;

  SessionRoutes(CutPages pages, SignIn signIn) {
    this.pages = pages;
    this.signIn = signIn;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/login", this::form)
        .post("/login", this::open)
        .post("/logout", this::end)
        .post("/theme", this::choose);
  }

  /** The theme of the browser that asks: set before the first paint, so that nothing flashes. */
  static String theme(ServerRequest request) {
    String chosen = request.headers().cookies().first(THEME).orElse("auto");
    return THEMES.contains(chosen) ? chosen : "auto";
  }

  private void form(ServerRequest request, ServerResponse response) {
    String back = FormBody.samePath(request.query().first("back").orElse("/"));
    PageRoutes.send(response, pages.login(), new Login(theme(request), back, ""));
  }

  private void open(ServerRequest request, ServerResponse response) {
    FormBody form = FormBody.parse(Json.body(request));
    try {
      response.header(
          HeaderNames.SET_COOKIE, signIn.open(form.require("token").strip(), https(request)));
      PageRoutes.seeOther(response, form.back());
    } catch (ProblemException e) {
      response.status(Status.create(e.problem().status()));
      PageRoutes.send(
          response, pages.login(), new Login(theme(request), form.back(), e.problem().detail()));
    }
  }

  private void end(ServerRequest request, ServerResponse response) {
    String cookie = signIn.end(Cookies.session(request), https(request));
    response.header(HeaderNames.SET_COOKIE, cookie);
    PageRoutes.seeOther(response, "/login");
  }

  /** Whether the page itself came over TLS, which then ends in a proxy before us. */
  private static boolean https(ServerRequest request) {
    return request.headers().first(HeaderNames.ORIGIN).orElse("").startsWith("https://");
  }

  private void choose(ServerRequest request, ServerResponse response) {
    FormBody form = FormBody.parse(Json.body(request));
    String theme = form.require("theme");
    if (!THEMES.contains(theme)) {
      throw Problem.badRequest("theme is " + theme + ", expected light, dark or auto")
          .toException();
    }
    response.header(
        HeaderNames.SET_COOKIE,
        "%s=%s; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly".formatted(THEME, theme));
    PageRoutes.seeOther(response, form.back());
  }
}
