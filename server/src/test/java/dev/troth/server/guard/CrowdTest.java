package dev.troth.server.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client asks for all that a listener runs at a time, and never reads or never ends. */
@Timeout(120)
class CrowdTest {
  private static final int REQUESTS = 32;
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_OF_STREAM = 1;
  private static final int END_OF_HEADERS = 4;

  private final List<Socket> open = new ArrayList<>();
  private TestPlatform platform;

  @BeforeEach
  void start() {
    platform = TestPlatform.start("limits.requests", "" + REQUESTS);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    platform.close();
  }

  private Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), platform.port()));
    socket.setSoTimeout(10_000);
    open.add(socket);
    return socket;
  }

  /** What another client is answered, who has an address of its own. */
  private String askedByAnother() throws IOException {
    try (Socket socket = connect("127.0.0.9")) {
      say(socket, "GET /-/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Places are held for long, so whoever comes later would find none. */
  private void requireThatOthersAreAnswered() throws IOException {
    for (int i = 0; i < 40; i++) {
      assertThat(askedByAnother()).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/session", "/api/records", "/nothing"})
  void bodiesThatNeverEndLeaveOthersTheirPlaces(String path) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      say(
          connect("127.0.0.1"),
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
              .formatted(path));
    }
    requireThatOthersAreAnswered();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/records", "/nothing"})
  void answersThatNobodyReadsLeaveOthersTheirPlaces(String path) throws IOException {
    Socket socket = connect("127.0.0.1");
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.write(PREFACE);
    // No byte of any answer's body may be sent.
    frame(out, SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
    try {
      for (int i = 0; i < REQUESTS; i++) {
        frame(out, HEADERS, END_OF_HEADERS | END_OF_STREAM, 2 * i + 1, head("GET", path));
      }
    } catch (SocketException closed) {
      // Whoever goes beyond their share may lose the connection.
    }
    requireThatOthersAreAnswered();
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  /** A head without the table of HPACK: each field in its own words (RFC 7541, 6.2.2). */
  private static byte[] head(String method, String path) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    field(out, ":method", method);
    field(out, ":scheme", "http");
    field(out, ":path", path);
    field(out, ":authority", "localhost");
    field(out, "accept", "text/html");
    return out.toByteArray();
  }

  private static void field(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    for (String text : List.of(name, value)) {
      out.write(text.length());
      out.writeBytes(text.getBytes(ISO_8859_1));
    }
  }
}
