package dev.troth.server.console;

import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.page.Slots;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.FormBody;
import dev.troth.server.http.Json;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import dev.troth.server.identity.Logins;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;

/** Signing in with a token, signing out, and the theme: what a browser carries in cookies. */
final class LoginRoutes implements Routes {
  private static final String THEME = "troth-theme";
  private static final Set<String> THEMES = Set.of("light", "dark", "auto");

  private final BuiltPage<Login> login;
  private final Logins logins;
  private final PathPrefix base;

  LoginRoutes(Site site, Logins logins) {
    this.login = BuiltPage.cut("login.html", site.page("login.html"), Login.SLOTS);
    this.logins = logins;
    this.base = site.base();
  }

  /**
   * The form that takes a token.
   *
   * @param back where to go on
   * @param trouble why the last attempt failed, or empty
   */
  private record Login(String theme, String back, String trouble) {
    static final Slots<Login> SLOTS =
        new Slots<Login>()
            .text("page.theme", Login::theme)
            .text("login.back", Login::back)
            .text("login.trouble", Login::trouble);
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
    PageRoutes.send(request, response, login, new Login(theme(request), back, ""));
  }

  private void open(ServerRequest request, ServerResponse response) {
    FormBody form = FormBody.parse(Json.body(request));
    try {
      Logins.Opened opened =
          logins.open(
              form.require("token").strip(), logins.cookie().of(request), Cookies.isHttps(request));
      response.header(HeaderNames.SET_COOKIE, opened.cookie());
      PageRoutes.seeOther(response, base.at(form.back()));
    } catch (ProblemException e) {
      response.status(Status.create(e.problem().status()));
      PageRoutes.send(
          request, response, login, new Login(theme(request), form.back(), e.problem().detail()));
    }
  }

  private void end(ServerRequest request, ServerResponse response) {
    String cookie = logins.end(logins.cookie().of(request), Cookies.isHttps(request));
    response.header(HeaderNames.SET_COOKIE, cookie);
    PageRoutes.seeOther(response, base.at("/login"));
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
        "%s=%s; Path=%s; Max-Age=31536000; SameSite=Lax; HttpOnly"
            .formatted(THEME, theme, base.ofCookies()));
    PageRoutes.seeOther(response, base.at(form.back()));
  }
}
