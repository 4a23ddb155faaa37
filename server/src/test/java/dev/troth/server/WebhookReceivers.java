package dev.troth.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receivers of webhooks on loopback: each user has a path, and what came there is kept in order.
 */
final class WebhookReceivers implements AutoCloseable {
  private static final Pattern SUBJECT = Pattern.compile("\"subject\":\"([^\"]+)\"");
  private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, List<String>> got = new ConcurrentHashMap<>();

  WebhookReceivers() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          Matcher subject = SUBJECT.matcher(body);
          Matcher version = VERSION.matcher(body);
          if (subject.find() && version.find()) {
            got.computeIfAbsent(
                    exchange.getRequestURI().getPath().substring(1),
                    any -> new CopyOnWriteArrayList<>())
                .add(subject.group(1) + " " + version.group(1));
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  String address(String user) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), user);
  }

  /** What a user got, as {@code subject version}, in its order. */
  List<String> of(String user) {
    return List.copyOf(got.getOrDefault(user, List.of()));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
