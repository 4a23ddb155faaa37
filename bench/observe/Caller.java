import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls a server on kept connections whenever it is asked at /run?MILLISECONDS, and answers with the
 * processor time of one call in microseconds; arguments: its own port, the server's port.
 */
public final class Caller {
  private static final int CONNECTIONS = 4;
  private static final byte[] REQUEST =
      "GET /orders/1 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private Caller() {}

  public static void main(String[] args) throws IOException {
    int server = Integer.parseInt(args[1]);
    List<Socket> sockets = new ArrayList<>();
    HttpServer control =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 8);
    control.createContext(
        "/run",
        exchange -> {
          long millis = Long.parseLong(exchange.getRequestURI().getQuery());
          while (sockets.size() < CONNECTIONS) { // opened when the agent is there
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server);
            socket.setTcpNoDelay(true);
            sockets.add(socket);
          }
          byte[] answer = run(sockets, millis).getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    control.start();
  }

  private static String run(List<Socket> sockets, long millis) {
    LongAdder calls = new LongAdder();
    long before = cpu();
    long end = System.nanoTime() + millis * 1_000_000;
    List<Thread> threads = new ArrayList<>();
    for (Socket socket : sockets) {
      threads.add(Thread.ofPlatform().start(() -> call(socket, end, calls)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
    return "%.3f".formatted((cpu() - before) / 1_000.0 / Math.max(1, calls.sum()));
  }

  private static void call(Socket socket, long end, LongAdder calls) {
    byte[] buffer = new byte[4_096];
    try {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      while (System.nanoTime() < end) {
        out.write(REQUEST);
        if (in.read(buffer) < 0) {
          throw new IOException("the server ended the connection");
        }
        calls.increment();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
