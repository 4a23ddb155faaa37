package dev.troth.observe.agent;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** A constant load: so many connections to a loopback port, each asking again when answered. */
public final class Load implements AutoCloseable {
  private static final int MOST_LATENCIES = 1 << 16;
  private static final long PAUSE_MILLIS = 50;

  private final int port;
  private final byte[] request;
  private final int connections;
  private final LongAdder requests = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private final long[] latencies = new long[MOST_LATENCIES];
  private int taken;
  private volatile boolean stopping;

  public Load(int port, String path, int connections) {
    this.port = port;
    this.connections = connections;
    this.request =
        ("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
  }

  Load start() {
    for (int i = 0; i < connections; i++) {
      threads.add(Thread.ofPlatform().name("load-" + i).daemon().start(this::keepAsking));
    }
    return this;
  }

  long requests() {
    return requests.sum();
  }

  /** The latencies since the last call, in nanoseconds. */
  synchronized long[] takeLatencies() {
    long[] copy = Arrays.copyOf(latencies, taken);
    taken = 0;
    return copy;
  }

  private synchronized void latency(long nanos) {
    if (taken < latencies.length) {
      latencies[taken++] = nanos;
    }
  }

  private void keepAsking() {
    while (!stopping) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean kept = true;
        while (kept && !stopping) {
          long begin = System.nanoTime();
          socket.getOutputStream().write(request);
          kept = passOver(in);
          latency(System.nanoTime() - begin);
          requests.increment();
        }
      } catch (IOException refused) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads one response; whether the connection can be used again. */
  private static boolean passOver(InputStream in) throws IOException {
    long length = -1;
    boolean chunked = false;
    boolean kept = true;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(line.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.endsWith("chunked");
      } else if (lower.startsWith("connection:")) {
        kept = !lower.endsWith("close");
      }
    }
    if (chunked) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        in.skipNBytes(size + 2L);
      }
      line(in);
    } else if (length >= 0) {
      in.skipNBytes(length);
    } else {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return false;
    }
    return kept;
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(line(in).strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server ended the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
  }
}
