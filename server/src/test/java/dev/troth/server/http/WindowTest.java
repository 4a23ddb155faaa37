package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What HTTP/2 lets a connection send before anybody has read any of it. */
class WindowTest {
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int INITIAL_WINDOW_SIZE = 4;

  @Test
  void aStrangersUnreadBytesAreFew() throws Exception {
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token");
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), platform.port())) {
      socket.setSoTimeout(10_000);
      byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(preface);
      socket.getOutputStream().write(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
      // A ping, whose answer comes after all that the platform says by itself.
      socket
          .getOutputStream()
          .write(new byte[] {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
      DataInputStream in = new DataInputStream(socket.getInputStream());
      long stream = 65_535;
      long connection = 65_535;
      for (int type = -1; type != 6; ) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        assertThat(in.readInt()).isZero();
        ByteBuffer body = ByteBuffer.wrap(in.readNBytes(length));
        while (type == SETTINGS && flags == 0 && body.hasRemaining()) {
          int id = body.getShort();
          long value = Integer.toUnsignedLong(body.getInt());
          stream = id == INITIAL_WINDOW_SIZE ? value : stream;
        }
        connection += type == WINDOW_UPDATE ? body.getInt() : 0;
      }
      assertThat(stream).as("of a stream").isLessThanOrEqualTo(65_535);
      assertThat(connection).as("of a connection").isLessThanOrEqualTo(65_535);
    }
  }
}
