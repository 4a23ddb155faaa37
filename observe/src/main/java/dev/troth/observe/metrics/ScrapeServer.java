package dev.troth.observe.metrics;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers {@code GET /metrics} on a loopback port, one caller at a time. */
public final class ScrapeServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int LONGEST_HEAD = 16_384;
  private static final int PIECE = 8_192;

  private final ServerSocket listener;
  private final Page page;

  /** Writes what is served. */
  @FunctionalInterface
  public interface Page {
    void writeTo(Writer out) throws IOException;
  }

  private ScrapeServer(ServerSocket listener, Page page) {
    this.listener = listener;
    this.page = page;
  }

  /** Listens; port 0 takes a free one. */
  public static ScrapeServer start(int port, Page page) throws IOException {
    ServerSocket listener = new ServerSocket(port, 16, InetAddress.getLoopbackAddress());
    ScrapeServer server = new ScrapeServer(listener, page);
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
    Writer out =
        new BufferedWriter(
            new OutputStreamWriter(caller.getOutputStream(), StandardCharsets.UTF_8), PIECE);
    out.write("HTTP/1.1 " + (found ? "200 OK" : "404 Not Found"));
    out.write("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8");
    out.write("\r\nConnection: close\r\n\r\n"); // the end of the connection is that of the text
    if (found) {
      page.writeTo(out);
    } else {
      out.write("there is only /metrics\n");
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
