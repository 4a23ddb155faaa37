package dev.troth.bench.rows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** Notes when the webhook of each row came first. */
final class Receiver implements AutoCloseable {
  private static final byte[] NUMBER = "\"nr\":".getBytes(StandardCharsets.US_ASCII);

  private final HttpServer server;
  private final AtomicLongArray came;
  private final AtomicInteger rows = new AtomicInteger();
  private final AtomicInteger again = new AtomicInteger();

  Receiver(int most) throws IOException {
    came = new AtomicLongArray(most);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          int number = number(body);
          if (number >= 0) {
            boolean first = came.compareAndSet(number, 0, System.nanoTime());
            var _ = (first ? rows : again).incrementAndGet();
          }
        });
    server.start();
  }

  /** The number of the row that a body is about, -1 for a test message. */
  private static int number(byte[] body) {
    for (int at = 0; at + NUMBER.length < body.length; at++) {
      if (java.util.Arrays.equals(body, at, at + NUMBER.length, NUMBER, 0, NUMBER.length)) {
        int number = 0;
        for (int i = at + NUMBER.length; body[i] >= '0' && body[i] <= '9'; i++) {
          number = number * 10 + body[i] - '0';
        }
        return number;
      }
    }
    return -1;
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** When a row's webhook came; 0 if it has not. */
  long at(int number) {
    return came.get(number);
  }

  int rows() {
    return rows.get();
  }

  int again() {
    return again.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
