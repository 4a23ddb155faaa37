package dev.troth.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of the platform as the example needs: takes events, and tells of each as a change in a
 * stream that can be resumed. A number in {@code cutAfter} ends each connection after so many.
 */
public final class FakePlatform implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  public final List<JsonNode> events = new CopyOnWriteArrayList<>();
  public final List<String> resumedFrom = new CopyOnWriteArrayList<>();
  public volatile int cutAfter = Integer.MAX_VALUE;
  public volatile String epoch = "one";
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  public FakePlatform() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/api/events", this::take);
    server.createContext("/api/stream", this::stream);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Appends a change to the stream as it is. */
  public void tell(String change) {
    tell("change", change);
  }

  /** Appends an event of any type. */
  public void tell(String type, String data) {
    synchronized (changes) {
      changes.add("event: %s\ndata: %s".formatted(type, data));
      changes.notifyAll();
    }
  }

  /** The change of an {@code order_placed} with this data. */
  public void tellOfOrder(String id, String data) {
    tell(
        """
        {"type":"order_placed","subject":"order/%s","after":%s,"event":{"id":"%s-placed"}}\
        """
            .formatted(id, data, id));
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode event = JSON.readTree(exchange.getRequestBody().readAllBytes());
      events.add(event);
      tell(
          JSON.writeValueAsString(
              JSON.createObjectNode()
                  .put("type", event.path("type").asString())
                  .put("subject", event.path("subject").asString())
                  .putPOJO("after", event.path("data"))
                  .putPOJO("event", event)));
      exchange.sendResponseHeaders(202, -1);
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    try (exchange) {
      String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
      resumedFrom.add(last == null ? "" : last);
      int at = last == null ? 0 : Integer.parseInt(last);
      if (at > changes.size()) {
        at = 0;
      }
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      out.write(
          ": hello\n\nevent: hello\ndata: {\"epoch\":\"%s\"}\n\n".formatted(epoch).getBytes(UTF_8));
      out.flush();
      for (int sent = 0; sent < cutAfter; sent++, at++) {
        String change = changeAt(at);
        out.write("id: %d\n%s\n\n".formatted(at + 1, change).getBytes(UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String changeAt(int at) throws InterruptedException {
    synchronized (changes) {
      while (changes.size() <= at) {
        changes.wait();
      }
      return changes.get(at);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
