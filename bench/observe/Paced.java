import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks at a constant rate over a few connections, whatever the answers take; arguments: port,
 * requests a second, seconds. Prints how many it asked, and the rate that came of it.
 */
public final class Paced {
  private static final int CONNECTIONS = 4;
  private static final long BURST_NANOS = 2_000_000;

  private Paced() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    double perNano = Double.parseDouble(args[1]) / CONNECTIONS / 1e9;
    long end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000L;
    AtomicLong asked = new AtomicLong();
    long begin = System.nanoTime();
    Thread[] threads = new Thread[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
      threads[i] = Thread.ofPlatform().start(() -> asked.addAndGet(ask(port, perNano, end)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%d requests in %.1f s: %.0f a second%n", asked.get(), took, asked.get() / took);
  }

  private static long ask(int port, double perNano, long end) {
    byte[] request = "GET /orders/17 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes();
    byte[] answer = new byte[256];
    long begin = System.nanoTime();
    long asked = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      for (long now = begin; now < end; now = System.nanoTime()) {
        for (long due = (long) ((now - begin) * perNano); asked < due; asked++) {
          socket.getOutputStream().write(request);
          socket.getInputStream().read(answer);
        }
        LockSupport.parkNanos(BURST_NANOS);
      }
    } catch (IOException refused) {
      throw new IllegalStateException(refused);
    }
    return asked;
  }
}
