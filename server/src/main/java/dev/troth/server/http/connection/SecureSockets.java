package dev.troth.server.http.connection;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsConfig;
import io.helidon.webserver.WebServerConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** Has a listener speak TLS 1.2 and 1.3. */
public final class SecureSockets {
  private SecureSockets() {}

  /**
   * @param longestWrite how long a client may read nothing of what is written to it
   * @param agreesOnHttp2 for clients of gRPC, who want that; all others are known by their first
   *     bytes, as without TLS
   */
  public static Consumer<WebServerConfig.Builder> of(
      SSLContext context, Duration longestWrite, boolean agreesOnHttp2) {
    TlsConfig.Builder tls =
        Tls.builder()
            .sslContext(ClosingContext.of(context, longestWrite))
            .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"));
    if (agreesOnHttp2) {
      tls.applicationProtocols(List.of("h2", "http/1.1"));
    }
    Tls made = tls.build();
    return builder -> builder.tls(made);
  }
}
