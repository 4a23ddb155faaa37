package dev.troth.server.guard;

import dev.troth.server.limit.ClientAddresses;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where a request comes from. */
final class Clients {
  private Clients() {}

  /** The client's name by its address, behind proxies that are known. */
  static String of(RoutingRequest request, ClientAddresses addresses) {
    String forwarded = request.headers().first(HeaderNames.X_FORWARDED_FOR).orElse("");
    return addresses.clientOf(peer(request), forwarded);
  }

  static InetAddress peer(RoutingRequest request) {
    return request.remotePeer().address() instanceof InetSocketAddress socket
        ? socket.getAddress()
        : InetAddress.getLoopbackAddress();
  }
}
