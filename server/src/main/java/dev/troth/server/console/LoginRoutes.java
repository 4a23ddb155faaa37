package dev.troth.server.console;

import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.page.Slots;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.FormBody;
import dev.troth.server.http.Json;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import dev.troth.server.identity.Logins;
import dev.troth.server.openid.SignIn;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Signing in with a token or at a provider, signing out, and the theme: what a browser carries in
 * cookies.
 */
final class LoginRoutes implements Routes {
  private static final String THEME = "troth-theme";
  private static final Set<String> THEMES = Set.of("light", "dark", "auto");

  private final BuiltPage<Login> login;
  private final Logins logins;
  private final Optional<SignIn> openId;
  private final PathPrefix base;

  LoginRoutes(Site site, Logins logins, Optional<SignIn> openId) {
    this.login = BuiltPage.cut("login.html", site.page("login.html"), Login.SLOTS);
    this.logins = logins;
    this.openId = openId;
    this.base = site.base();
  }

  /**
   * The form that takes a token.
   *
   * @param back where to go on
   * @param trouble why the last attempt failed, or empty
   * @param provider where people sign in instead, or empty
   */
  private record Login(String theme, String back, String trouble, String provider) {
    static final Slots<Login> SLOTS =
        new Slots<Login>()
            .text("page.theme", Login::theme)
            .text("login.back", Login::back)
            .text("login.trouble", Login::trouble)
            .text("login.provider", Login::provider)
            .text("login.providerHidden", login -> login.provider().isEmpty() ? "yes" : "no")
            .text(
                "login.backEncoded",
                login -> URLEncoder.encode(login.back(), StandardCharsets.UTF_8));
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/login", this::form)
        .post("/login", this::open)
        .post("/logout", this::end)
        .post("/theme", this::choose);
    openId.ifPresent(at ->
        rules
            .get("/login/openid", (request, response) -> toProvider(request, response, at))
            .get(
                "/login/openid/callback",
                (request, response) -> fromProvider(request, response, at)));
  }

  /** The theme of the browser that asks: set before the first paint, so that nothing flashes. */
  static String theme(ServerRequest request) {
    String chosen = request.headers().cookies().first(THEME).orElse("auto");
    return THEMES.contains(chosen) ? chosen : "auto";
  }

  private void form(ServerRequest request, ServerResponse response) {
    String back = FormBody.samePath(request.query().first("back").orElse("/"));
    send(request, response, back, "");
  }

  private void send(ServerRequest request, ServerResponse response, String back, String trouble) {
    String provider = openId.map(SignIn::name).orElse("");
    PageRoutes.send(request, response, login, new Login(theme(request), back, trouble, provider));
  }

  private void send(
      ServerRequest request, ServerResponse response, String back, ProblemException trouble) {
    response.status(Status.create(trouble.problem().status()));
    send(request, response, back, trouble.problem().detail());
  }

  /** Sends the browser to the provider. */
  private void toProvider(ServerRequest request, ServerResponse response, SignIn at) {
    String back = FormBody.samePath(request.query().first("back").orElse("/"));
    boolean here = request.query().first("here").isPresent();
    try {
      if (!here && !request.authority().equals(at.authority())) {
        // The provider sends the browser to the one name that it knows; so does the cookie's host.
        response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, at.beginning(back));
        response.send();
        return;
      }
      SignIn.Begun begun = at.begin(back, Cookies.names(request, at.cookieNames()));
      response
          .headers()
          .add(HeaderValues.create(HeaderNames.SET_COOKIE, begun.cookies().toArray(String[]::new)));
      response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, begun.address()).send();
    } catch (ProblemException e) {
      send(request, response, back, e);
    }
  }

  /** The provider has sent the browser back. */
  private void fromProvider(ServerRequest request, ServerResponse response, SignIn at) {
    SignIn.Returned returned =
        new SignIn.Returned(
            given(request, "code"),
            given(request, "state"),
            given(request, "iss"),
            given(request, "error"),
            given(request, "error_description"),
            given(request, "state").flatMap(state -> Cookies.value(request, at.cookieName(state))),
            Callers.address(request));
    try {
      SignIn.Finished finished = at.finish(returned, logins.cookie().of(request));
      response
          .headers()
          .add(
              HeaderValues.create(
                  HeaderNames.SET_COOKIE, finished.login().cookie(), finished.cookie()));
      PageRoutes.seeOther(response, base.at(FormBody.samePath(finished.back())));
    } catch (ProblemException e) {
      send(request, response, "/", e);
    }
  }

  private static Optional<String> given(ServerRequest request, String name) {
    return request.query().first(name).asOptional();
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
      send(request, response, form.back(), e);
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
