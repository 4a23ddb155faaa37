package dev.troth.orders.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server on loopback with a handful of routes.
 *
 * <p>A request is read, worked on and answered on one thread, and the calls that it makes are
 * written by that same thread (see {@link Caller}): whoever watches the sockets from outside can
 * tell by the thread which call belongs to which request. Virtual threads keep the code the same
 * but take that clue away, because many of them share one thread of the kernel.
 */
public final class Service implements AutoCloseable {
  /** The largest body taken, in bytes; a longer one is answered 413. */
  static final int MAX_BODY = 64 * 1024;

  private static final int THREADS = 64;
  private static final int STOP_SECONDS = 2;
  private static final Logger LOG = System.getLogger("http");

  static {
    // Read by the JDK's server when its first instance is made. Without the first, Nagle's
    // algorithm holds answers back for 40 ms; the others bound slow and many clients.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "30");
    System.setProperty("jdk.httpserver.maxConnections", "1024");
  }

  private final List<Route> routes;
  private final ServerSpans spans;
  private final HttpServer server;
  private final ExecutorService threads;

  /** Where a service listens and how: port 0 takes any free one. */
  public record Listen(int port, boolean virtualThreads) {
    public Listen {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port is " + port + ", expected 0 to 65535");
      }
    }
  }

  private Service(
      HttpServer server, List<Route> routes, OpenTelemetry telemetry, ExecutorService threads) {
    this.server = server;
    this.routes = routes;
    this.spans = new ServerSpans(telemetry);
    this.threads = threads;
  }

  /** Starts to listen; a port that is taken is an {@link IOException} that names it. */
  public static Service start(Listen listen, OpenTelemetry telemetry, List<Route> routes)
      throws IOException {
    HttpServer server;
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), listen.port()), 0);
    } catch (IOException e) {
      throw new IOException("cannot listen on port " + listen.port() + ": " + e.getMessage(), e);
    }
    ExecutorService threads =
        listen.virtualThreads()
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().name("request-", 0).factory());
    Service service = new Service(server, List.copyOf(routes), telemetry, threads);
    server.setExecutor(threads);
    server.createContext("/", service::serve);
    server.start();
    return service;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Takes no new request and gives those that run two seconds to end. */
  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private record Found(Route route, Map<String, String> path) {}

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<Found> found = find(exchange);
      Span span = spans.start(exchange, found.map(f -> f.route().template()));
      try (Scope _ = span.makeCurrent()) {
        Reply reply = answer(exchange, found);
        spans.answered(span, reply.status());
        send(exchange, reply);
      } finally {
        span.end();
      }
    }
  }

  private Optional<Found> find(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    return routes.stream()
        .filter(route -> route.method().equals(exchange.getRequestMethod()))
        .flatMap(route -> route.match(path).map(values -> new Found(route, values)).stream())
        .findFirst();
  }

  private Reply answer(HttpExchange exchange, Optional<Found> found) {
    try {
      if (found.isEmpty()) {
        return nothingThere(exchange);
      }
      Request request = new Request(found.get().path(), headers(exchange), body(exchange));
      return found.get().route().action().answer(request);
    } catch (Problem problem) {
      return problem.reply();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Problem(503, "Stopping", "this service is stopping, try again").reply();
    } catch (Exception e) {
      LOG.log(Level.ERROR, exchange.getRequestMethod() + " " + exchange.getRequestURI(), e);
      return new Problem(500, "Internal error", "the log of this service says more").reply();
    }
  }

  private Reply nothingThere(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    List<String> allowed =
        routes.stream()
            .filter(route -> route.match(path).isPresent())
            .map(Route::method)
            .distinct()
            .sorted()
            .toList();
    if (allowed.isEmpty()) {
      return new Problem(404, "Not found", "there is nothing at " + path).reply();
    }
    String allow = String.join(", ", allowed);
    return new Problem(
            405,
            "Method not allowed",
            path + " takes " + allow + ", not " + exchange.getRequestMethod())
        .reply()
        .with("Allow", allow);
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return Map.copyOf(headers);
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new Problem(
          413, "Body too large", "the body is over the limit of " + MAX_BODY + " bytes");
    }
    if (body.length > 0 && !isJson(exchange.getRequestHeaders().getFirst("Content-Type"))) {
      throw new Problem(415, "Unsupported media type", "the body must be application/json");
    }
    return body;
  }

  private static boolean isJson(@org.jspecify.annotations.Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json") || type.endsWith("+json");
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = reply.body();
    if (body.length == 0) {
      exchange.sendResponseHeaders(reply.status(), -1);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", reply.contentType());
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
  }
}
