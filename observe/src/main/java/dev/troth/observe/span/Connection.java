package dev.troth.observe.span;

import dev.troth.observe.discovery.Target;
import java.util.List;

/**
 * A socket of a target, with its two ends. What all spans of a connection have in common is made
 * once, here: most connections carry many requests.
 */
public final class Connection {
  private final Target target;
  private final long cookie;
  private final Ends ends;
  private final boolean encrypted;
  private final String localText;
  private final String remoteText;
  private final List<Attribute> asServer;
  private final List<Attribute> asClient;

  /**
   * @param encrypted whether what is read of it is what TLS protects, so that positions in it are
   *     not those of the TCP stream
   */
  public Connection(Target target, long cookie, Ends ends, boolean encrypted) {
    this.target = target;
    this.cookie = cookie;
    this.ends = ends;
    this.encrypted = encrypted;
    this.localText = ends.local().text();
    this.remoteText = ends.remote().text();
    Attribute peer = Attribute.of("network.peer.address", remoteText);
    Attribute peerPort = Attribute.of("network.peer.port", ends.remotePort());
    this.asServer =
        List.of(
            Attribute.of("server.port", ends.localPort()),
            Attribute.of("client.address", remoteText),
            peer,
            peerPort);
    this.asClient = List.of(Attribute.of("server.port", ends.remotePort()), peer, peerPort);
  }

  public Target target() {
    return target;
  }

  public long cookie() {
    return cookie;
  }

  public Ends ends() {
    return ends;
  }

  public boolean encrypted() {
    return encrypted;
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
}
