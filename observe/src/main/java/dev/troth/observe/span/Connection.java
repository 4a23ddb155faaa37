package dev.troth.observe.span;

import dev.troth.observe.capture.Address;
import dev.troth.observe.discovery.Target;
import java.util.List;

/**
 * A socket of a target, with its two ends. What all spans of a connection have in common is made
 * once, here: most connections carry many requests.
 */
public final class Connection {
  private final Target target;
  private final long cookie;
  private final Address local;
  private final int localPort;
  private final Address remote;
  private final int remotePort;
  private final int network;
  private final String localText;
  private final String remoteText;
  private final List<Attribute> asServer;
  private final List<Attribute> asClient;

  /**
   * @param network the network namespace it lies in, 0 if unknown
   */
  public Connection(
      Target target,
      long cookie,
      Address local,
      int localPort,
      Address remote,
      int remotePort,
      int network) {
    this.target = target;
    this.cookie = cookie;
    this.local = local;
    this.localPort = localPort;
    this.remote = remote;
    this.remotePort = remotePort;
    this.network = network;
    this.localText = local.text();
    this.remoteText = remote.text();
    Attribute peer = Attribute.of("network.peer.address", remoteText);
    Attribute peerPort = Attribute.of("network.peer.port", remotePort);
    this.asServer =
        List.of(
            Attribute.of("url.scheme", "http"),
            Attribute.of("server.port", localPort),
            Attribute.of("client.address", remoteText),
            peer,
            peerPort);
    this.asClient = List.of(Attribute.of("server.port", remotePort), peer, peerPort);
  }

  public Target target() {
    return target;
  }

  public long cookie() {
    return cookie;
  }

  public int localPort() {
    return localPort;
  }

  public int remotePort() {
    return remotePort;
  }

  /** The local address in its usual notation. */
  String localText() {
    return localText;
  }

  /** The remote address in its usual notation. */
  String remoteText() {
    return remoteText;
  }

  /** What a server's spans on it have in common. */
  List<Attribute> asServer() {
    return asServer;
  }

  /** What a client's spans on it have in common. */
  List<Attribute> asClient() {
    return asClient;
  }

  /**
   * Whether the other is the far end of the same TCP connection. Loopback addresses mean this host
   * only within one network namespace.
   */
  boolean faces(Connection other) {
    return localPort == other.remotePort
        && remotePort == other.localPort
        && local.equals(other.remote)
        && remote.equals(other.local)
        && (network == other.network || !local.isLoopback());
  }
}
