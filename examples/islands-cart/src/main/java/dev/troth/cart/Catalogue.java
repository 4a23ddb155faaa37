package dev.troth.cart;

import dev.troth.server.error.DomainException;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** What the shop sells: titles and prices are the server's, whatever a page sends. */
record Catalogue(List<Product> products) {
  private static final String FILE = "catalogue.json";

  /**
   * A thing to buy.
   *
   * @param price in cents
   */
  record Product(String id, String title, long price, String about) {}

  Catalogue {
    products = List.copyOf(products);
  }

  /** The one that the site was built with. */
  static Catalogue bundled() {
    try (InputStream in = Catalogue.class.getClassLoader().getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the shop was built without its " + FILE);
      }
      return new Catalogue(List.of(Json.mapper().readValue(in, Product[].class)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    }
  }

  /** One of a product, to put into a cart. */
  CartItem item(String id) {
    return products.stream()
        .filter(product -> product.id().equals(id))
        .findFirst()
        .map(product -> new CartItem(product.id(), product.title(), product.price()))
        .orElseThrow(() ->
            new DomainException.NotFound(
                "product %s does not exist, expected one of %s"
                    .formatted(id, products.stream().map(Product::id).toList())));
  }
}
