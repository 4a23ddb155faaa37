package dev.troth.observe.otlp;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over HTTP/1.1 with protobuf bodies, on one connection that is kept. A client of its own,
 * because the platform's HTTP client costs an agent more memory than everything else it does.
 */
public final class HttpTransport implements Transport {
  private static final int LONGEST_LINE = 8_192;

  private final URI endpoint;
  private final Map<String, String> headers;
  private @Nullable Wire wire;

  /**
   * @param endpoint the base address; a signal's path is added
   */
  public HttpTransport(URI endpoint, Map<String, String> headers) {
    this.endpoint = endpoint;
    this.headers = Map.copyOf(headers);
  }

  @Override
  public Reply send(Signal signal, byte[] message) {
    boolean kept = wire != null;
    try {
      return exchange(signal, message);
    } catch (IOException first) {
      close();
      if (!kept) {
        return later(first);
      }
    }
    try { // the receiver may have ended the connection while it was idle
      return exchange(signal, message);
    } catch (IOException second) {
      close();
      return later(second);
    }
  }

  private Reply later(IOException failure) {
    return new Reply.Later(endpoint + ": " + failure.getMessage(), Duration.ZERO);
  }

  private Reply exchange(Signal signal, byte[] message) throws IOException {
    Wire open = wire;
    if (open == null) {
      open = Wire.open(endpoint);
      wire = open;
    }
    open.out().write(head(signal, message.length));
    open.out().write(message);
    open.out().flush();
    return answer(open);
  }

  private byte[] head(Signal signal, int length) {
    String base = endpoint.getPath() == null ? "" : endpoint.getPath();
    String path = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(path).append(signal.path()).append(" HTTP/1.1\r\nHost: ");
    head.append(endpoint.getRawAuthority());
    head.append("\r\nUser-Agent: troth-observe\r\nContent-Type: application/x-protobuf\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(length).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private Reply answer(Wire open) throws IOException {
    InputStream in = open.in();
    String status = line(in);
    if (status.length() < 12 || !status.startsWith("HTTP/1.")) {
      throw new IOException("answer is '" + status + "', expected HTTP/1.1 and a status");
    }
    int code = Integer.parseInt(status, 9, 12, 10);
    Map<String, String> fields = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    if (!passOverBody(in, code, fields) || "close".equalsIgnoreCase(fields.get("connection"))) {
      close();
    }
    return reply(code, fields.get("retry-after"));
  }

  private Reply reply(int code, @Nullable String retryAfter) {
    if (code / 100 == 2) {
      return new Reply.Accepted();
    }
    String reason = endpoint + " answered " + code;
    boolean later = code == 429 || code == 502 || code == 503 || code == 504;
    if (!later) {
      return new Reply.Refused(reason);
    }
    boolean seconds = retryAfter != null && retryAfter.matches("[0-9]{1,5}");
    return new Reply.Later(
        reason, seconds ? Duration.ofSeconds(Long.parseLong(retryAfter)) : Duration.ZERO);
  }

  /** Reads the body to its end; false when its end is the connection's. */
  private static boolean passOverBody(InputStream in, int code, Map<String, String> fields)
      throws IOException {
    String coding = fields.getOrDefault("transfer-encoding", "");
    String length = fields.get("content-length");
    if (code == 204 || code == 304) {
      return true;
    }
    if (coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
      for (long size = chunk(in); size > 0; size = chunk(in)) {
        in.skipNBytes(size);
        line(in);
      }
      while (!line(in).isEmpty()) {
        // trailers
      }
      return true;
    }
    if (length == null || !length.matches("[0-9]{1,9}")) {
      return false;
    }
    in.skipNBytes(Long.parseLong(length));
    return true;
  }

  private static long chunk(InputStream in) throws IOException {
    String size = line(in).split(";", 2)[0].strip();
    if (!size.matches("[0-9a-fA-F]{1,8}")) {
      throw new IOException("chunk size is '" + size + "', expected a hexadecimal number");
    }
    return Long.parseLong(size, 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the receiver ended the connection");
      }
      if (line.length() > LONGEST_LINE) {
        throw new IOException("a line of the answer is longer than " + LONGEST_LINE);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    Wire open = wire;
    if (open != null) {
      open.close();
      wire = null;
    }
  }
}
