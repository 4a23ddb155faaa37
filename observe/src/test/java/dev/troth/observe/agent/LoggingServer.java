package dev.troth.observe.agent;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;

/** A server of the JDK that logs each answered request; arguments: port, log file. */
final class LoggingServer {
  private LoggingServer() {}

  public static void main(String[] args) throws IOException {
    OutputStream log =
        Files.newOutputStream(
            Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
            512);
    server.setExecutor(Executors.newFixedThreadPool(16));
    byte[] large = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
          String path = exchange.getRequestURI().toString();
          int status = path.startsWith("/missing") ? 404 : path.startsWith("/broken") ? 503 : 200;
          boolean head = exchange.getRequestMethod().equals("HEAD");
          boolean chunked = path.startsWith("/chunks") && !head;
          byte[] body =
              path.startsWith("/large") ? large : "hello\n".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(status, head ? -1 : chunked ? 0 : body.length);
          String line = exchange.getRequestMethod() + " " + path + " " + status + "\n";
          synchronized (log) { // the status is out, even if the caller does not wait for the rest
            log.write(line.getBytes(StandardCharsets.US_ASCII));
          }
          if (!head) {
            for (int i = chunked ? 4 : 0; i >= 0; i--) {
              exchange.getResponseBody().write(chunked ? new byte[30_000] : body);
            }
          }
          exchange.close();
        });
    server.start();
  }
}
