import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The server that is measured: answers after about 40 microseconds of work; argument: port. */
public final class Handler {
  private static volatile long sink;

  private Handler() {}

  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 256);
    server.setExecutor(Executors.newFixedThreadPool(16));
    server.createContext(
        "/",
        exchange -> {
          long x = System.nanoTime();
          for (int i = 0; i < 12_000; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L;
          }
          sink = x;
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
  }
}
