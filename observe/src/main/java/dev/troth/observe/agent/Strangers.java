package dev.troth.observe.agent;

import dev.troth.observe.stream.Segment;
import java.nio.charset.StandardCharsets;

/** Names what the agent does not read, by its first bytes, as far as they tell. */
final class Strangers {
  static final String TLS = "TLS";

  private static final int HTTP2_HEADER = 9;
  private static final int HTTP2_LAST_TYPE = 9;
  private static final int MYSQL_VERSION = 10;
  private static final int KAFKA_LAST_KEY = 90;

  /** A packet with a long header, and the number of version 2 (RFC 9369). */
  private static final int QUIC_LONG = 0xc0;

  private static final int QUIC_2 = 0x6b33_43cf;

  private Strangers() {}

  /** Whether it begins with a record of TLS. */
  static boolean isTls(Segment segment) {
    byte[] b = segment.bytes();
    return segment.captured() >= 3 && b[0] >= 0x14 && b[0] <= 0x17 && b[1] == 3;
  }

  static String name(Segment segment) {
    byte[] b = segment.bytes();
    int n = segment.captured();
    if (isTls(segment)) {
      return TLS;
    }
    String text = new String(b, 0, Math.min(n, 8), StandardCharsets.ISO_8859_1);
    if (text.startsWith("SSH-")) {
      return "SSH";
    }
    if (text.startsWith("AMQP")) {
      return "AMQP";
    }
    if (n >= 4 && (b[0] == '*' || b[0] == '$' || b[0] == '+') && text.contains("\r\n")) {
      return "Redis";
    }
    if (n >= 5 && little24(b) == segment.length() - 4 && b[3] == 0 && b[4] == MYSQL_VERSION) {
      return "MySQL";
    }
    if (n >= HTTP2_HEADER && isFrame(b, segment.length())) {
      return "HTTP/2 that began before the agent";
    }
    if (n >= 6 && big32(b) == segment.length() - 4 && b[4] == 0 && b[5] < KAFKA_LAST_KEY) {
      return "Kafka";
    }
    return "an unknown protocol";
  }

  /** What begins a conversation of datagrams and is no question of DNS. */
  static String datagram(byte[] bytes, int known) {
    boolean quic =
        known >= 5
            && (bytes[0] & QUIC_LONG) == QUIC_LONG
            && (big32(bytes, 1) == 1 || big32(bytes, 1) == QUIC_2);
    return quic ? "QUIC, as of HTTP/3," : "UDP other than DNS";
  }

  private static boolean isFrame(byte[] b, int length) {
    int payload = (b[0] & 0xff) << 16 | (b[1] & 0xff) << 8 | (b[2] & 0xff);
    return payload + HTTP2_HEADER <= length && b[3] >= 0 && b[3] <= HTTP2_LAST_TYPE && b[5] >= 0;
  }

  private static int little24(byte[] b) {
    return (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16;
  }

  private static int big32(byte[] b) {
    return big32(b, 0);
  }

  private static int big32(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }
}
