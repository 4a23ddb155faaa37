package dev.troth.gate.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The claims that travel on to the service behind a proxy, each as a header. Only those that are
 * listed do, and only values that are safe in a header: a line end in a claim must not begin a new
 * field.
 */
public final class ClaimHeaders {
  /** {@code sub} and {@code iss}. */
  public static final String DEFAULT = "sub:X-Auth-Subject,iss:X-Auth-Issuer";

  /** What a list has to be, for messages. */
  public static final String EXPECTED =
      "claim:Header,claim:Header, no Header of the connection itself";

  /** Headers that say where a message goes and where it ends (RFC 9110 §7.6.1, RFC 9112 §6). */
  private static final String OF_CONNECTION =
      "host,connection,content-length,transfer-encoding,keep-alive,te,trailer,upgrade,proxy-connection";

  private static final int MAX_VALUE_BYTES = 1024;

  private final byte[][] claims;
  private final byte[][] headers;

  private ClaimHeaders(byte[][] claims, byte[][] headers) {
    this.claims = claims;
    this.headers = headers;
  }

  /**
   * The headers of {@code claim:Header,claim:Header}; what has not this form is left out, see
   * {@link #isWellFormed}.
   */
  public static ClaimHeaders parse(String list) {
    byte[] text = Bytes.ascii(list);
    int count = 0;
    for (int from = 0; from < text.length; from = end(text, from) + 1) {
      count += colon(text, from, end(text, from)) > from ? 1 : 0;
    }
    byte[][] claims = new byte[count][];
    byte[][] headers = new byte[count][];
    int i = 0;
    for (int from = 0; from < text.length; from = end(text, from) + 1) {
      int to = end(text, from);
      int colon = colon(text, from, to);
      if (colon > from) {
        claims[i] = slice(text, from, colon);
        headers[i++] = slice(text, colon + 1, to);
      }
    }
    return new ClaimHeaders(claims, headers);
  }

  /**
   * Whether a list has the form that {@link #parse} reads: names of RFC 9110 §5.1 after colons, and
   * none of a header that the connection itself is about.
   */
  public static boolean isWellFormed(String list) {
    byte[] text = Bytes.ascii(list);
    boolean isHeader = false;
    int length = 0;
    for (int i = 0; i <= text.length; i++) {
      int b = i < text.length ? text[i] : ',';
      if (b == ',' || b == ':') {
        // A claim and a header take turns, and none is empty.
        if (length == 0 || isHeader != (b == ',')) {
          return text.length == 0;
        }
        if (isHeader && isOfConnection(text, i - length, i)) {
          return false;
        }
        isHeader = !isHeader;
        length = 0;
      } else if (isHeader ? !isNameCharacter(b) : (b >= 0 && b <= ' ')) {
        return false;
      } else {
        length++;
      }
    }
    return true;
  }

  private static boolean isOfConnection(byte[] text, int from, int to) {
    byte[] names = Bytes.ascii(OF_CONNECTION);
    for (int at = 0; at < names.length; at = end(names, at) + 1) {
      if (Bytes.equalIgnoringCase(text, from, to, slice(names, at, end(names, at)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNameCharacter(int b) {
    int lower = Bytes.lowerCase(b);
    return (lower >= 'a' && lower <= 'z') || (b >= '0' && b <= '9') || b == '-';
  }

  /** The headers by their claims. */
  public Map<String, String> byClaim() {
    Map<String, String> byClaim = new LinkedHashMap<>();
    for (int i = 0; i < claims.length; i++) {
      byClaim.put(new String(claims[i], UTF_8), new String(headers[i], UTF_8));
    }
    return byClaim;
  }

  /**
   * Writes every listed header. Without a claim for it, or with one that is not safe, it is empty:
   * a proxy that copies headers then overwrites what the client sent under that name.
   */
  void write(JsonTape tape, byte[] json, Output out) {
    for (int i = 0; i < claims.length; i++) {
      int value = tape.member(claims[i]);
      int kind = tape.kind(value);
      byte[] text = kind == JsonTape.STRING ? tape.text() : json;
      out.bytes(headers[i], 0, headers[i].length).ascii(": ");
      if (kind >= JsonTape.STRING && kind != JsonTape.NULL) {
        int from = tape.start(value);
        int to = tape.end(value);
        if (isSafe(text, from, to)) {
          out.bytes(text, from, to);
        }
      }
      out.ascii("\r\n");
    }
  }

  /** Writes every listed header empty: the request passes without a token. */
  void writeNone(Output out) {
    for (byte[] header : headers) {
      out.bytes(header, 0, header.length).ascii(": \r\n");
    }
  }

  private static boolean isSafe(byte[] text, int from, int to) {
    if (to - from > MAX_VALUE_BYTES) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if ((text[i] >= 0 && text[i] < 0x20) || text[i] == 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static int end(byte[] text, int from) {
    return find(text, from, text.length, ',');
  }

  private static int colon(byte[] text, int from, int to) {
    int colon = find(text, from, to, ':');
    return colon == to || colon + 1 == to ? -1 : colon;
  }

  private static int find(byte[] text, int from, int to, int wanted) {
    int at = from;
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  private static byte[] slice(byte[] text, int from, int to) {
    byte[] slice = new byte[to - from];
    System.arraycopy(text, from, slice, 0, slice.length);
    return slice;
  }
}
