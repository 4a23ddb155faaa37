package dev.troth.cart;

import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Supplier;

/**
 * What a browser sends to a shop.
 *
 * @param address of the shop, asked for each time because it changes with a restart
 * @param cookie name and value; empty if it has none
 */
record Browser(HttpClient client, Supplier<String> address, String cookie) {

  /** A browser that has loaded the page, and so has a cookie. */
  static Browser visiting(HttpClient client, Supplier<String> address) {
    HttpResponse<String> page = new Browser(client, address, "").get("/");
    String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    return new Browser(client, address, cookie);
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  String page() {
    return get("/").body();
  }

  Cart cart() {
    return Json.mapper().readValue(get("/cart").body(), Cart.class);
  }

  /** Adds as a script of the page does. */
  HttpResponse<String> add(String product) {
    return post("/cart/add", "id=" + product, "Accept", "application/json");
  }

  /** Sends a form as the page does; other headers are names and values in turn. */
  HttpResponse<String> post(String path, String form, String... headers) {
    HttpRequest.Builder request =
        request(path).header("Origin", address.get()).POST(BodyPublishers.ofString(form));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  /** A request with the cookie and nothing else. */
  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.get() + path));
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
