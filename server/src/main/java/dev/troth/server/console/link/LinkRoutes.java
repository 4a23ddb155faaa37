package dev.troth.server.console.link;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.page.Slots;
import dev.troth.server.console.site.Site;
import dev.troth.server.endpoint.LinkedDeeds;
import dev.troth.server.endpoint.LinkedDeeds.Offer;
import dev.troth.server.endpoint.Links.Deed.Confirm;
import dev.troth.server.endpoint.Links.Deed.Stop;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.PageResponse;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code /confirm/TOKEN} and {@code /unsubscribe/TOKEN}: the links in messages, without a login. A
 * GET only shows what the link does; a POST does it, from the page's button or from a mail program
 * (RFC 8058), which gets a line of text.
 */
public final class LinkRoutes implements Routes {
  private final Optional<BuiltPage<View>> page;
  private final LinkedDeeds deeds;
  private final Function<ServerRequest, String> theme;

  /**
   * @param theme the one that a browser has chosen
   */
  public LinkRoutes(Site site, LinkedDeeds deeds, Function<ServerRequest, String> theme) {
    this.theme = theme;
    this.page =
        site.isAbsent()
            ? Optional.empty()
            : Optional.of(BuiltPage.cut("link.html", site.page("link.html"), View.SLOTS));
    this.deeds = deeds;
  }

  private record View(String theme, Offer offer) {
    static final Slots<View> SLOTS =
        new Slots<View>()
            .text("page.theme", View::theme)
            .text("link.title", view -> view.offer.title())
            .text("link.detail", view -> view.offer.detail())
            .text("link.button", view -> view.offer.button())
            .text("link.done", view -> Formats.yes(view.offer.button().isEmpty()));
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/confirm/{token}", way(token -> deeds.look(Confirm.class, token)))
        .post("/confirm/{token}", way(token -> deeds.perform(Confirm.class, token)))
        .get("/unsubscribe/{token}", way(token -> deeds.look(Stop.class, token)))
        .post("/unsubscribe/{token}", way(token -> deeds.perform(Stop.class, token)));
  }

  private Handler way(Function<String, Offer> what) {
    return (request, response) -> answer(request, response, what);
  }

  private void answer(
      ServerRequest request, ServerResponse response, Function<String, Offer> what) {
    String token = request.path().pathParameters().get("token");
    Offer offer;
    try {
      offer = what.apply(token);
    } catch (DomainException e) {
      Problem problem = Problem.of(e);
      response.status(Status.create(problem.status()));
      offer = new Offer(problem.title(), problem.detail(), "");
    }
    if (page.isPresent() && accepts(request)) {
      View view = new View(theme.apply(request), offer);
      PageResponse.send(request, response, page.get().policy(), page.get().fill(view));
      return;
    }
    String more = offer.button().isEmpty() ? "" : "POST to this address to do it.\n";
    response
        .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send("%s\n%s\n%s".formatted(offer.title(), offer.detail(), more));
  }

  private static boolean accepts(ServerRequest request) {
    return request.headers().first(HeaderNames.ACCEPT).orElse("").contains("text/html");
  }
}
