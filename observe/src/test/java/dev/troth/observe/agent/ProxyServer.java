package dev.troth.observe.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers /inner/N itself and fetches it for /proxy/N; arguments: port and who works: {@code
 * platform} or {@code virtual} threads, or {@code handoff} between the threads of a pool.
 */
final class ProxyServer {
  private ProxyServer() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    Executor workers =
        args[1].equals("virtual")
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newFixedThreadPool(600);
    Executor fetchers = args[1].equals("handoff") ? workers : Runnable::run;
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
    server.setExecutor(workers);
    server.createContext(
        "/inner/",
        exchange -> {
          LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(3_000_000));
          answer(exchange);
        });
    server.createContext(
        "/proxy/",
        exchange -> {
          String path = exchange.getRequestURI().getPath().replace("/proxy/", "/inner/");
          fetchers.execute(() -> {
            fetch(port, path);
            answer(exchange);
          });
        });
    server.start();
  }

  private static void fetch(int port, String path) {
    try {
      HttpURLConnection inner =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      inner.getInputStream().readAllBytes();
    } catch (IOException gone) {
      // the caller is answered all the same
    }
  }

  private static void answer(HttpExchange exchange) {
    try {
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write(new byte[] {'o', 'k'});
    } catch (IOException gone) {
      // the caller has ended
    } finally {
      exchange.close();
    }
  }
}
