package dev.troth.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Json;
import dev.troth.testkit.NodeScript;
import dev.troth.testkit.Property;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Java writes into the page is what React, Preact and Svelte would have written for the same
 * cart: the same elements, attributes and texts.
 */
class ParityTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "Zoë",
          " ",
          "<",
          ">",
          "&",
          "\"",
          "'",
          "&amp;",
          "</script>",
          "<!--",
          "-->",
          "{x}",
          "\u2028",
          "\t",
          "\n",
          "%",
          "$&",
          "日本",
          "😀",
          "7");

  @TempDir Path folder;

  @Test
  void javaWritesWhatTheIslandsWouldWrite() throws IOException, InterruptedException {
    Site site = Site.in("islands-cart");
    assumeFalse(site.isAbsent(), "no page in this build: " + site.absence());
    NodeScript islands = NodeScript.in("examples/islands-cart").requirePackage("react-dom");
    Catalogue catalogue = Catalogue.bundled();
    BuiltPage<CartPage> page =
        BuiltPage.cut("index.html", site.page("index.html"), CartPage.slots(catalogue));
    Path lines = folder.resolve("pages.jsonl");
    int[] pages = {0};
    try (BufferedWriter out = Files.newBufferedWriter(lines)) {
      Property.of("Java and the islands write the same")
          .runs(500, 10_000)
          .check(random -> {
            write(out, page, cart(random, catalogue));
            pages[0]++;
          });
    }
    int each = catalogue.products().size() + 2;
    assertThat(islands.reading(lines).run("../../console/test/parity/compare.mjs"))
        .containsExactly(pages[0] * each + " islands equal");
  }

  private static void write(BufferedWriter out, BuiltPage<CartPage> page, Cart cart) {
    String html = new String(page.fill(new CartPage(cart, "")), StandardCharsets.UTF_8);
    try {
      out.write(Json.mapper().writeValueAsString(Map.of("page", html, "state", cart)));
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Cart cart(RandomGenerator random, Catalogue catalogue) {
    List<CartItem> items = new ArrayList<>();
    int count = random.nextInt(Cart.LIMIT + 1);
    while (items.size() < count) {
      if (!items.isEmpty() && random.nextInt(3) == 0) {
        items.add(items.get(random.nextInt(items.size())));
      } else if (random.nextBoolean()) {
        List<Catalogue.Product> products = catalogue.products();
        items.add(catalogue.item(products.get(random.nextInt(products.size())).id()));
      } else {
        items.add(new CartItem(text(random), text(random), random.nextLong(200_000_000)));
      }
    }
    return new Cart("e", random.nextLong(1_000), items, random.nextBoolean());
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(6);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
