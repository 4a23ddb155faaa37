package dev.troth.server.channel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server on loopback that answers as it is told to, or not at all. */
public final class SmtpDouble implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /** What came after DATA, whole. */
  public final List<String> messages = new CopyOnWriteArrayList<>();

  /** Answers by the first word of a command; what is not here is 250, and DATA 354. */
  public final Map<String, String> answers = new ConcurrentHashMap<>();

  /** What it does at a recipient, by the beginning of the mailbox's name. */
  public final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /** What a recipient is answered with, after whatever happens before. */
  public interface Trouble {
    String answer(OutputStream out) throws IOException, InterruptedException;
  }

  /** Connections so far. */
  public final AtomicInteger connections = new AtomicInteger();

  /** Whether it accepts connections and then says nothing. */
  public volatile boolean hangs;

  /** Whether it greets without an end, line after line. */
  public volatile boolean drips;

  /** Whether it greets with a line that does not end. */
  public volatile boolean floods;

  /** Whether it takes a message and does not answer. */
  public volatile boolean hangsAfterData;

  public SmtpDouble() {
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public String port() {
    return Integer.toString(server.getLocalPort());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        connections.incrementAndGet();
        if (!hangs) {
          threads.execute(() -> talk(socket));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      OutputStream out = socket.getOutputStream();
      while (drips) {
        say(out, "220-wait");
        TimeUnit.MILLISECONDS.sleep(50);
      }
      while (floods) {
        out.write("220-".repeat(16_384).getBytes(StandardCharsets.US_ASCII));
      }
      say(out, "220 double");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String word = line.split("[ :]", 2)[0];
        if (word.equals("QUIT")) {
          say(out, "221 bye");
          return;
        }
        String answer = answers.getOrDefault(word, word.equals("DATA") ? "354 go on" : "250 ok");
        for (Map.Entry<String, Trouble> trouble : troubles.entrySet()) {
          if (line.startsWith("RCPT TO:<" + trouble.getKey())) {
            answer = trouble.getValue().answer(out);
          }
        }
        say(out, answer);
        if (word.equals("DATA") && answer.startsWith("354")) {
          messages.add(data(in));
          if (hangsAfterData) {
            // The client goes on waiting until it is gone.
            continue;
          }
          say(out, answers.getOrDefault(".", "250 taken"));
        }
      }
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String data(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
