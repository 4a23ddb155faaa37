package dev.troth.cart;

import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.site.AssetRoutes;
import dev.troth.server.console.site.Site;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.FormBody;
import dev.troth.server.http.Json;
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
import java.util.function.BiFunction;

/**
 * The shop's page and what its forms do. A script is answered with the cart, a browser without
 * scripts with the way back to the page.
 */
final class CartRoutes implements Routes {
  /** In the query of the page to which a refused form leads. */
  private static final String REFUSED = "refused";

  private final Site site;
  private final Catalogue catalogue;
  private final CartStore store;
  private final CartCookie cookie;

  CartRoutes(Site site, Catalogue catalogue, CartStore store, CartCookie cookie) {
    this.site = site;
    this.catalogue = catalogue;
    this.store = store;
    this.cookie = cookie;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/cart", (request, response) -> send(response, cart(request)))
        .post("/cart/add", change((cart, form) -> cart.with(catalogue.item(form.require("id")))))
        .post("/cart/remove", change((cart, form) -> cart.without(form.require("id"))))
        .post("/cart/drawer", change((cart, form) -> cart.withDrawer(isOpen(form))));
    if (site.isAbsent()) {
      String why = "There is no page: " + site.absence() + ". The cart is at /cart.\n";
      rules.get(
          "/",
          (request, response) ->
              response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8").send(why));
      return;
    }
    BuiltPage<CartPage> page =
        BuiltPage.cut("index.html", site.page("index.html"), CartPage.slots(catalogue));
    rules.get("/", (request, response) -> show(request, response, page));
    new AssetRoutes(site).addTo(rules);
  }

  /** The page with the saved cart in its first bytes. A browser that has no cart gets a name. */
  private void show(ServerRequest request, ServerResponse response, BuiltPage<CartPage> page) {
    Cart cart = cart(request);
    boolean full = cart.items().size() >= Cart.LIMIT;
    boolean refused = request.query().first(REFUSED).filter("full"::equals).isPresent();
    String value = given(request).filter(this::isOurs).orElseGet(cookie::issue);
    response.header(
        HeaderNames.SET_COOKIE,
        Cookies.header(cookie.name(), value, CartStore.KEPT, Cookies.isHttps(request)));
    CartPage view = new CartPage(cart, full && refused ? Cart.full() : "");
    PageResponse.send(request, response, page.policy(), page.fill(view));
  }

  private Handler change(BiFunction<Cart, FormBody, Cart> what) {
    return (request, response) -> {
      requireOwnPage(request);
      String id = given(request).flatMap(cookie::cart).orElseThrow(CartRoutes::nobodys);
      FormBody form = FormBody.parse(Json.body(request));
      boolean script =
          request.headers().first(HeaderNames.ACCEPT).orElse("").contains("application/json");
      try {
        Cart after = store.change(id, cart -> what.apply(cart, form));
        if (script) {
          send(response, after);
        } else {
          seeOther(response, "/");
        }
      } catch (DomainException.Conflict full) {
        if (!script) {
          seeOther(response, "/?" + REFUSED + "=full");
          return;
        }
        throw Problem.of(full).with("cart", store.read(id)).toException();
      }
    };
  }

  /** Every browser names the origin of a write; the guard has refused those that are not ours. */
  private static void requireOwnPage(ServerRequest request) {
    if (!request.headers().contains(HeaderNames.ORIGIN)) {
      throw Problem.forbidden("Origin is missing, expected that of this shop").toException();
    }
  }

  private static RuntimeException nobodys() {
    return Problem.forbidden(
            "this browser has no cart: load the page first, and let it keep its cookie")
        .toException();
  }

  private Cart cart(ServerRequest request) {
    return given(request).flatMap(cookie::cart).map(store::read).orElse(Cart.EMPTY);
  }

  private Optional<String> given(ServerRequest request) {
    return Cookies.value(request, cookie.name());
  }

  private boolean isOurs(String value) {
    return cookie.cart(value).isPresent();
  }

  private static boolean isOpen(FormBody form) {
    return switch (form.require("open")) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw form.unknown("open", "yes or no");
    };
  }

  private static void send(ServerResponse response, Cart cart) {
    response
        .header(HeaderNames.CACHE_CONTROL, "private, no-store")
        .header(HeaderNames.VARY, "Cookie");
    Json.send(response, cart);
  }

  private static void seeOther(ServerResponse response, String path) {
    response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, path).send();
  }
}
