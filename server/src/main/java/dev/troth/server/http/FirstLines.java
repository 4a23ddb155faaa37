package dev.troth.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * Answers a connection whose first line is of neither HTTP/1.1 nor HTTP/2, and says what to do. The
 * server itself would close it without a word, which a proxy in front shows as its own failure.
 */
final class FirstLines implements ServerConnectionSelector {
  /** How a connection of HTTP/2 begins (RFC 9113 §3.4). */
  private static final String HTTP_2 = "PRI * HTTP/2.0\r\n";

  private static final String HTTP_1_1 = " HTTP/1.1\r\n";
  private static final String HTTP_1_0 = " HTTP/1.0\r\n";

  @Override
  public int bytesToIdentifyConnection() {
    return 1;
  }

  /** Whether the first line, if all of it is here, is not as it has to be. */
  @Override
  public Support supports(BufferData first) {
    int end = first.indexOf((byte) '\n') + 1;
    boolean odd = end > 0 && !ends(first, end, HTTP_1_1) && !ends(first, end, HTTP_2);
    return odd ? Support.SUPPORTED : Support.UNSUPPORTED;
  }

  private static boolean ends(BufferData line, int length, String end) {
    int from = length - end.length();
    for (int i = 0; from >= 0 && i < end.length(); i++) {
      if (line.get(from + i) != end.charAt(i)) {
        return false;
      }
    }
    return from >= 0;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Refusal(context);
  }

  private record Refusal(ConnectionContext context) implements ServerConnection {
    @Override
    public void handle(Limit limit) {
      context.dataReader().ensureAvailable();
      int length = context.dataReader().available();
      BufferData first = context.dataReader().getBuffer(length);
      boolean old = ends(first, first.indexOf((byte) '\n') + 1, HTTP_1_0);
      Problem problem =
          old
              ? Problem.of(
                  505,
                  "HTTP/1.0 is not spoken here, expected HTTP/1.1 or 2; in nginx:"
                      + " proxy_http_version 1.1;")
              : Problem.badRequest(
                  "the first line is none of HTTP, expected METHOD PATH HTTP/1.1 and CR LF");
      byte[] body = Json.mapper().writeValueAsBytes(problem.members());
      String head =
          """
          HTTP/1.1 %s\r
          Content-Type: application/problem+json\r
          Content-Length: %d\r
          Connection: close\r
          \r
          """
              .formatted(old ? "505 HTTP Version Not Supported" : "400 Bad Request", body.length);
      context.dataReader().skip(length);
      context
          .dataWriter()
          .writeNow(
              BufferData.create(
                  BufferData.create(head.getBytes(StandardCharsets.US_ASCII)),
                  BufferData.create(body)));
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      // It ends by itself.
    }
  }
}
