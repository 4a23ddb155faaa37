package dev.troth.observe.propagation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests on a connection of this process and compares what arrives byte by byte, because a
 * kernel that takes the programs may still have a fault in what they call.
 */
final class Trial {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int BODY = 40_000;

  private static final Pattern LINE =
      Pattern.compile("traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\r\n");

  private Trial() {}

  /** What went wrong, or empty. */
  static Optional<String> run() {
    String body = "GET / HTTP/1.1\r\n\r\n".repeat(BODY / 18);
    String[] messages = {
      "GET /a HTTP/1.1\r\nHost: trial\r\n\r\n",
      "POST /b HTTP/1.1\r\nHost: trial\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
      "PUT /c HTTP/1.1\r\ncontent-length:3\r\n\r\nabc"
    };
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket peer = server.accept()) {
      peer.setSoTimeout(PATIENCE_MILLIS);
      for (String message : messages) {
        client.getOutputStream().write(message.getBytes(StandardCharsets.US_ASCII));
        String arrived = read(peer, message.length() + HeaderText.BYTES);
        Matcher line = LINE.matcher(arrived);
        if (!line.find() || line.start() != message.indexOf('\n') + 1) {
          return Optional.of("nothing was put behind the first line of a request");
        }
        if (!message.equals(arrived.substring(0, line.start()) + arrived.substring(line.end()))) {
          return Optional.of("a request arrived with other bytes than were sent");
        }
      }
      return Optional.empty();
    } catch (IOException failed) {
      return Optional.of("a request did not arrive: " + failed.getMessage());
    }
  }

  private static String read(Socket peer, int length) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    while (all.size() < length) {
      int count = peer.getInputStream().read(buffer, 0, Math.min(8_192, length - all.size()));
      if (count < 0) {
        break;
      }
      all.writeBytes(Arrays.copyOf(buffer, count));
    }
    return all.toString(StandardCharsets.US_ASCII);
  }
}
