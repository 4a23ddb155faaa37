package dev.troth.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.console.site.Site;
import dev.troth.server.http.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shop as browsers and strangers see it. */
class CartRoutesTest {
  private static final String FULL = "Your cart holds 10 items, which is the limit.";

  @TempDir Path folder;
  private TestShop shop;

  @BeforeEach
  void open() {
    Site site = Site.in("islands-cart");
    assumeFalse(site.isAbsent(), "no page in this build: " + site.absence());
    shop = new TestShop(folder, 3);
  }

  @AfterEach
  void close() {
    if (shop != null) {
      shop.close();
    }
  }

  @Test
  void theSavedCountIsInTheFirstBytesOfThePageAlsoAfterARestart() {
    Browser browser = shop.browser();
    assertThat(browser.page()).contains("<span class=\"count\">0 items</span>");
    browser.add("lamp");
    browser.add("mug");
    browser.add("lamp");

    shop.restart();

    assertThat(browser.page())
        .contains("<span class=\"count\">3 items</span><span class=\"total\">$116.50</span>")
        .contains("<p class=\"held\">2 in your cart</p>")
        .contains("<bdi class=\"title\">Desk lamp</bdi>", "<span class=\"times\">2 ×</span>")
        .contains("data-open=\"yes\" data-state=\"ok\"")
        .contains("\"isDrawerOpen\":true");
  }

  @Test
  void twelveAddsAtOnceLeaveTenItemsAndTheOthersAreToldWhy() throws Exception {
    Browser browser = shop.browser();
    List<HttpResponse<String>> answers = atOnce(12, () -> browser.add("mug"));

    assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSize(10);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 409)
        .hasSize(2)
        .allSatisfy(refused -> {
          assertThat(Json.mapper().readTree(refused.body()).path("detail").asString())
              .isEqualTo(FULL);
          assertThat(Json.mapper().readTree(refused.body()).at("/cart/items")).hasSize(10);
        });
    assertThat(browser.cart().items()).hasSize(10);
    assertThat(browser.cart().rev()).isEqualTo(10);
  }

  @Test
  void aFormLeadsBackToThePageWhichSaysWhatWasRefused() {
    Browser browser = shop.browser();
    for (int i = 0; i < 10; i++) {
      HttpResponse<String> answer = browser.post("/cart/add", "id=mug");
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location")).hasValue("/");
    }
    HttpResponse<String> refused = browser.post("/cart/add", "id=mug");
    assertThat(refused.headers().firstValue("Location")).hasValue("/?refused=full");
    assertThat(browser.get("/?refused=full").body()).contains("data-hidden=\"no\">" + FULL);

    browser.post("/cart/remove", "id=mug");
    assertThat(browser.get("/?refused=full").body()).doesNotContain(FULL);
  }

  @Test
  void thePriceIsTheServersWhateverAPageSends() {
    Browser browser = shop.browser();
    browser.post("/cart/add", "id=stool&price=1&title=Cheap");
    assertThat(browser.cart().items()).containsExactly(new CartItem("stool", "Oak stool", 8_900));
    HttpResponse<String> unknown = browser.add("yacht");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("product yacht does not exist, expected one of [lamp,");
  }

  @Test
  void anotherSiteChangesNothing() {
    Browser browser = shop.browser();
    for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
      assertThat(browser.post("/cart/add", "id=mug", "Origin", origin).statusCode())
          .as(origin)
          .isEqualTo(403);
    }
    HttpResponse<String> without =
        browser.send(browser.request("/cart/add").POST(BodyPublishers.ofString("id=mug")));
    assertThat(without.body()).contains("Origin is missing, expected that of this shop");
    assertThat(browser.cart()).isEqualTo(Cart.EMPTY);
  }

  @Test
  void theCookieIsOutOfReachOfScriptsAndNobodyMakesOneUp() {
    HttpResponse<String> page = shop.browser("").get("/");
    String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .matches(
            "troth_cart_[0-9a-f]{8}=[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{22}; Path=/;"
                + " Max-Age=2592000; HttpOnly; SameSite=Lax");
    assertThat(page.body()).doesNotContain(cookie.split("[=;]")[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA", "../../etc", "' OR 1=1"})
  void aMadeUpCookieIsNobodysCart(String value) {
    String name = shop.browser().cookie().split("=", 2)[0];
    Browser stranger = shop.browser(name + "=" + value);
    HttpResponse<String> refused = stranger.add("mug");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("this browser has no cart: load the page first");
    assertThat(stranger.get("/").headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith(name + "=")
        .doesNotContain(name + "=" + value + ";");
  }

  @Test
  void theShopKeepsSoManyCartsAndForgetsThoseNobodyChanges() {
    Browser first = shop.browser();
    for (Browser each : List.of(first, shop.browser(), shop.browser())) {
      assertThat(each.add("mug").statusCode()).isEqualTo(200);
    }
    Browser late = shop.browser();
    HttpResponse<String> refused = late.add("mug");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body())
        .contains("the shop keeps 3 carts at a time, and that many are in use");
    assertThat(late.get("/metrics").body()).contains("troth_cart_refused_total 1");

    String epoch = first.cart().epoch();
    shop.clock().advance(Duration.ofDays(31));
    assertThat(first.cart()).isEqualTo(Cart.EMPTY);
    assertThat(late.add("mug").statusCode()).isEqualTo(200);
    first.add("lamp");
    assertThat(first.cart().rev()).isEqualTo(1);
    assertThat(first.cart().epoch()).isNotEqualTo(epoch);
  }

  @Test
  void noneOf64BrowsersAtOnceSeesAnothersCart() throws Exception {
    try (TestShop large = new TestShop(folder.resolve("large"), 1_000)) {
      List<String> products =
          Catalogue.bundled().products().stream().map(Catalogue.Product::id).toList();
      List<Browser> browsers = IntStream.range(0, 64).mapToObj(i -> large.browser()).toList();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> faults =
            browsers.stream()
                .map(browser ->
                    threads.submit(() -> visits(browser, browsers.indexOf(browser), products)))
                .toList();
        for (Future<String> fault : faults) {
          assertThat(fault.get()).isEmpty();
        }
      }
    }
  }

  /**
   * Adds one product by turns, and looks each time for what others have; the first fault, or "".
   */
  private static String visits(Browser browser, int number, List<String> products) {
    String own = products.get(number % products.size());
    for (int count = 1; count <= 5; count++) {
      browser.add(own);
      Cart cart = browser.cart();
      String page = browser.page();
      String items = count + (count == 1 ? " item" : " items");
      int seen = count;
      if (cart.items().size() != seen
          || !cart.items().stream().allMatch(item -> item.id().equals(own))
          || !page.contains("<span class=\"count\">" + items + "</span>")
          || !page.contains("<p class=\"held\">" + count + " in your cart</p>")) {
        return "browser %d of %s after %d: %s".formatted(number, own, count, cart);
      }
    }
    return "";
  }

  private static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
      List<Future<T>> all = threads.invokeAll(Collections.nCopies(times, work));
      List<T> done = new ArrayList<>();
      for (Future<T> one : all) {
        done.add(one.get());
      }
      return done;
    }
  }
}
