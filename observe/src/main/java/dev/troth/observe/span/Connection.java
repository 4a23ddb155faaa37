package dev.troth.observe.span;

import dev.troth.observe.discovery.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A socket of a target, with its two ends. What all spans of a connection have in common is made
 * once, here: most connections carry many requests. Not thread-safe.
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
  private final String remoteName;
  private final Line line;

  /** What is learned of the socket, whatever lies on it. */
  private static final class Line {
    private final Target target;
    private @Nullable Line other;
    private boolean calls;
    private int roundTrip;

    Line(Target target) {
      this.target = target;
    }
  }

  /** A connection in the clear. */
  public Connection(Target target, long cookie, Ends ends) {
    this(target, cookie, ends, false, true, new Line(target));
  }

  /** What TLS protects on a connection: positions in it are not those of the TCP stream. */
  public static Connection within(Connection on) {
    return new Connection(on.target, on.cookie, on.ends, true, true, on.line);
  }

  private Connection(
      Target target, long cookie, Ends ends, boolean encrypted, boolean stream, Line line) {
    this.target = target;
    this.cookie = cookie;
    this.ends = ends;
    this.encrypted = encrypted;
    this.stream = stream;
    this.localText = ends.local().text();
    this.remoteText = ends.remote().text();
    this.remoteName =
        (ends.remote().six() ? "[" + remoteText + "]" : remoteText) + ":" + ends.remotePort();
    this.line = line;
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
    return new Connection(target, cookie, ends, false, false, new Line(target));
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

  /** Both are watched and are the two ends of one connection. */
  public void faces(Connection far) {
    line.other = far.line;
    far.line.other = line;
  }

  /** The round-trip time is this now, in microseconds. */
  public void roundTrip(int micros) {
    line.roundTrip = micros;
  }

  /** The round-trip time that was told last, in microseconds; 0 if it is not known. */
  public int roundTrip() {
    return line.roundTrip;
  }

  /** A call was seen to be made on it. */
  void called() {
    line.calls = true;
  }

  /** It is not read, so that no call is told of any more. */
  public void notRead() {
    line.calls = false;
  }

  /** The process at the other end, if it is watched. */
  public Optional<Target> peer() {
    return Optional.ofNullable(line.other).map(other -> other.target);
  }

  /** Whether calls are read at the other end, so that each is told of there already. */
  public boolean isReadByCaller() {
    return line.other != null && line.other.calls;
  }

  /** The other end as address and port. */
  public String remoteName() {
    return remoteName;
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
