package dev.troth.server.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An HTTP server with one document that has a version, as RFC 9110 wants it. */
final class JsonResource implements AutoCloseable {
  private final HttpServer server;
  final List<Map<String, List<String>>> asked = new CopyOnWriteArrayList<>();
  final List<Integer> answered = new CopyOnWriteArrayList<>();
  volatile String body = "{}";
  volatile int status = 200;
  volatile String retryAfter = "";
  volatile boolean versioned = true;
  volatile String contentType = "";
  private int version;

  JsonResource() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  synchronized void put(String document) {
    version++;
    body = document;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    asked.add(Map.copyOf(exchange.getRequestHeaders()));
    String etag = "\"v" + version + "\"";
    boolean same =
        versioned
            && status == 200
            && etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    byte[] bytes =
        body.getBytes(
            contentType.contains("latin1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    if (versioned) {
      exchange.getResponseHeaders().set("ETag", etag);
      exchange.getResponseHeaders().set("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT");
    }
    if (!contentType.isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", contentType);
    }
    if (!retryAfter.isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", retryAfter);
    }
    exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
    int code = same ? 304 : status;
    answered.add(code);
    boolean empty = code == 304;
    exchange.sendResponseHeaders(code, empty ? -1 : bytes.length);
    if (!empty) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
