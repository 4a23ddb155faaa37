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
  private final boolean stream;
  private final String localText;
  private final String remoteText;
  private final List<Attribute> asServer;
  private final List<Attribute> asClient;

  /**
   * @param encrypted whether what is read of it is what TLS protects, so that positions in it are
   *     not those of the TCP stream
   */
  public Connection(Target target, long cookie, Ends ends, boolean encrypted) {
    this(target, cookie, ends, encrypted, true);
  }

  private Connection(Target target, long cookie, Ends ends, boolean encrypted, boolean stream) {
    this.target = target;
    this.cookie = cookie;
    this.ends = ends;
    this.encrypted = encrypted;
    this.stream = stream;
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

  /** A socket of datagrams; its other end may be another with each of them. */
  public static Connection ofDatagrams(Target target, long cookie, Ends ends) {
    return new Connection(target, cookie, ends, false, false);
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

  /** Whether both of its ends see the same positions, those of the TCP stream. */
  boolean hasPositions() {
    return stream && !encrypted;
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
