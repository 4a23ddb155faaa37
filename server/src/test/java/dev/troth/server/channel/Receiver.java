package dev.troth.server.channel;

import com.sun.net.httpserver.HttpServer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A receiver of webhooks on loopback that answers as it is told to. */
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  final List<Got> got = new CopyOnWriteArrayList<>();
  volatile int status = 204;
  volatile String retryAfter = "";

  /** The id of a message that is answered only once {@link #release} is called; none if empty. */
  volatile String held = "";

  /** The request that is answered with 503, counted from 1; none if 0. */
  volatile int failsAt;

  private final CountDownLatch released = new CountDownLatch(1);

  /** A request as it came. */
  record Got(String path, Map<String, List<String>> headers, String body) {
    JsonNode json() {
      return Json.mapper().readTree(body);
    }

    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          Got one =
              new Got(
                  exchange.getRequestURI().toString(),
                  Map.copyOf(exchange.getRequestHeaders()),
                  body);
          int number;
          synchronized (got) {
            got.add(one);
            number = got.size();
          }
          if (!held.isEmpty() && held.equals(one.header("Webhook-id"))) {
            hold();
          }
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
          if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
          }
          exchange.sendResponseHeaders(number == failsAt ? 503 : status, -1);
          exchange.close();
        });
    server.start();
  }

  String address() {
    return address("/hook");
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void hold() {
    try {
      var _ = released.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers what is held. */
  void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
    server.stop(0);
  }
}
