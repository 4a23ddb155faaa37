package dev.troth.observe.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Answers {@code GET /metrics} on a loopback port, one caller at a time. */
public final class ScrapeServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int LONGEST_HEAD = 16_384;

  private final ServerSocket listener;
  private final Supplier<String> text;

  private ScrapeServer(ServerSocket listener, Supplier<String> text) {
    this.listener = listener;
    this.text = text;
  }

  /** Listens; port 0 takes a free one. */
  public static ScrapeServer start(int port, Supplier<String> text) throws IOException {
    ServerSocket listener = new ServerSocket(port, 16, InetAddress.getLoopbackAddress());
    ScrapeServer server = new ScrapeServer(listener, text);
    Thread.ofPlatform().name("observe-metrics").daemon().start(server::serve);
    return server;
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket caller = listener.accept()) {
        caller.setSoTimeout(PATIENCE_MILLIS);
        answer(caller);
      } catch (IOException goneOrClosed) {
        // The next caller may fare better; a closed listener ends the loop.
      }
    }
  }

  private void answer(Socket caller) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(caller.getInputStream(), StandardCharsets.ISO_8859_1));
    String request = in.readLine();
    int read = 0;
    for (String line = request; line != null && !line.isEmpty(); line = in.readLine()) {
      read += line.length();
      if (read > LONGEST_HEAD) {
        return;
      }
    }
    boolean found = request != null && request.startsWith("GET /metrics");
    byte[] body =
        (found ? text.get() : "there is only /metrics\n").getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(found ? "200 OK" : "404 Not Found", body.length);
    OutputStream out = caller.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
