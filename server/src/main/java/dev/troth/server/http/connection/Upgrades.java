package dev.troth.server.http.connection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionProvider;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 that stays HTTP/1.1 when a client asks for HTTP/2 and a proxy, such as Caddy, has taken
 * the settings off its request. The server itself answers such a request with 500; it has to ignore
 * the wish (RFC 7540, section 3.2.1).
 */
final class Upgrades {
  private static final HeaderName SETTINGS = HeaderNames.create("HTTP2-Settings");

  private Upgrades() {}

  static ServerConnectionSelector http(Http1Config http, ProtocolConfigs all) {
    ServerConnectionSelector usual = new Http1ConnectionProvider().create(http.name(), http, all);
    if (!(usual instanceof Http1ConnectionSelector selector)) {
      throw new IllegalStateException("HTTP/1.1 is served by " + usual.getClass());
    }
    Map<String, Http1Upgrader> upgraders = new HashMap<>();
    selector.prototype().upgraders().forEach((name, one) -> upgraders.put(name, new Able(one)));
    return Http1ConnectionSelector.builder().config(http).upgraders(upgraders).build();
  }

  /** Upgrades a request that can be. */
  private record Able(Http1Upgrader upgrader) implements Http1Upgrader {
    @Override
    public String supportedProtocol() {
      return upgrader.supportedProtocol();
    }

    @Override
    @SuppressWarnings("NullAway") // The server goes on with HTTP/1.1 where there is none.
    public @Nullable ServerConnection upgrade(
        ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
      if (supportedProtocol().equals("h2c") && !headers.contains(SETTINGS)) {
        return null;
      }
      ServerConnection upgraded = upgrader.upgrade(context, prologue, headers);
      if (upgraded != null) {
        Methods.leave(context);
      }
      return upgraded;
    }
  }
}
