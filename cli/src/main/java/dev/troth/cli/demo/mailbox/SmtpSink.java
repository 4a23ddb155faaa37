package dev.troth.cli.demo.mailbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Takes mail by SMTP (RFC 5321) on loopback and puts all of it into one mailbox. It passes nothing
 * on. Connections, lines, messages and the time of one connection are bounded.
 */
public final class SmtpSink implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 16;
  private static final int LONGEST_LINE = 4_096;
  private static final int LONGEST_MESSAGE = 256 * 1024;
  private static final int SILENCE_MILLIS = 30_000;

  private final ServerSocket server;
  private final Mailbox mailbox;
  private final InstantSource clock;
  private final Semaphore free = new Semaphore(MOST_CONNECTIONS);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private SmtpSink(ServerSocket server, Mailbox mailbox, InstantSource clock) {
    this.server = server;
    this.mailbox = mailbox;
    this.clock = clock;
  }

  /** Opens one on a free port. */
  public static SmtpSink open(Mailbox mailbox, InstantSource clock) throws IOException {
    SmtpSink sink =
        new SmtpSink(
            new ServerSocket(0, MOST_CONNECTIONS, InetAddress.getLoopbackAddress()),
            mailbox,
            clock);
    Thread.ofPlatform().name("demo-mail").daemon(true).start(sink::accept);
    return sink;
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (!free.tryAcquire()) {
          try (socket) {
            say(socket.getOutputStream(), "421 too many connections");
          }
          continue;
        }
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed, or a client that was gone before it was served.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(SILENCE_MILLIS);
      talk(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    } catch (IOException e) {
      // The client has gone, or said nothing for long.
    } finally {
      open.remove(socket);
      free.release();
    }
  }

  private void talk(InputStream in, OutputStream out) throws IOException {
    say(out, "220 the demo's mailbox");
    String to = "";
    while (true) {
      String line = line(in);
      String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      switch (verb) {
        case "EHLO" -> say(out, "250-the demo's mailbox", "250 SIZE " + LONGEST_MESSAGE);
        case "HELO", "MAIL", "NOOP" -> say(out, "250 ok");
        case "RSET" -> {
          to = "";
          say(out, "250 ok");
        }
        case "RCPT" -> {
          to = line.replaceFirst("(?i)^RCPT TO:\\s*", "").replaceAll("[<>]", "");
          say(out, "250 ok");
        }
        case "DATA" -> {
          if (to.isEmpty()) {
            say(out, "503 no recipient");
            continue;
          }
          say(out, "354 end with a dot");
          take(in, out, to);
          to = "";
        }
        case "QUIT" -> {
          say(out, "221 bye");
          return;
        }
        default -> say(out, "500 not known");
      }
    }
  }

  /** Reads a message to its end; what is too long is read too, and refused. */
  private void take(InputStream in, OutputStream out, String to) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    long length = 0;
    for (String line = line(in); !line.equals("."); line = line(in)) {
      byte[] bytes =
          ((line.startsWith(".") ? line.substring(1) : line) + "\r\n")
              .getBytes(StandardCharsets.ISO_8859_1);
      length += bytes.length;
      if (length > 8L * LONGEST_MESSAGE) {
        throw new IOException("the message has no end");
      }
      if (length <= LONGEST_MESSAGE) {
        message.writeBytes(bytes);
      }
    }
    if (length > LONGEST_MESSAGE) {
      say(out, "552 longer than %d bytes".formatted(LONGEST_MESSAGE));
      return;
    }
    mailbox.take(clock.instant(), to, message.toByteArray());
    say(out, "250 taken");
  }

  /** A line without its end, its bytes as characters. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() >= LONGEST_LINE) {
        throw new IOException(b < 0 ? "the client has gone" : "the line has no end");
      }
      line.append((char) b);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  private static void say(OutputStream out, String... lines) throws IOException {
    out.write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      // They end with the process.
    }
  }
}
