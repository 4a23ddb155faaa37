package dev.troth.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.nio.charset.StandardCharsets;

/**
 * Answers HTTP/1.0 with 505 and says what to do. The server itself would close the connection
 * without a word, which a proxy in front shows as its own failure.
 */
final class OldHttp implements Http1ConnectionListener {
  private static final String DETAIL =
      "HTTP/1.0 is not spoken here, expected HTTP/1.1 or 2; in nginx: proxy_http_version 1.1;";

  @Override
  public void prologue(ConnectionContext context, HttpPrologue prologue) {
    if (!prologue.protocolVersion().equals("1.0")) {
      return;
    }
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
    context
        .dataWriter()
        .writeNow(
            BufferData.create(
                BufferData.create(head.getBytes(StandardCharsets.US_ASCII)),
                BufferData.create(body)));
    throw new CloseConnectionException("HTTP/1.0");
  }
}
