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
 * Answers HTTP/1.0 with 505 and says what to do. The server itself would close the connection
 * without a word, which a proxy in front shows as its own failure.
 */
final class OldHttp implements ServerConnectionSelector {
  private static final String LINE_END = " HTTP/1.0\r\n";

  private static final String DETAIL =
      "HTTP/1.0 is not spoken here, expected HTTP/1.1 or 2; in nginx: proxy_http_version 1.1;";

  /** The shortest request line: {@code GET / HTTP/1.0} and its end. */
  @Override
  public int bytesToIdentifyConnection() {
    return "GET /".length() + LINE_END.length();
  }

  /** Whether the first line, if all of it is here, ends in the old version. */
  @Override
  public Support supports(BufferData first) {
    int end = first.indexOf((byte) '\n');
    int from = end + 1 - LINE_END.length();
    if (end < 0 || from < 0) {
      return Support.UNSUPPORTED;
    }
    for (int i = 0; i < LINE_END.length(); i++) {
      if (first.get(from + i) != LINE_END.charAt(i)) {
        return Support.UNSUPPORTED;
      }
    }
    return Support.SUPPORTED;
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
      byte[] body = Json.mapper().writeValueAsBytes(Problem.of(505, DETAIL).members());
      String head =
          """
          HTTP/1.1 505 HTTP Version Not Supported\r
          Content-Type: application/problem+json\r
          Content-Length: %d\r
          Connection: close\r
          \r
          """
              .formatted(body.length);
      context.dataReader().ensureAvailable();
      context.dataReader().skip(context.dataReader().available());
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
