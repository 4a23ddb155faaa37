package dev.troth.observe.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where spans and metrics go.
 *
 * @param prometheusPort a loopback port that serves metrics as text
 * @param print whether spans are printed
 * @param oldNames whether values are told under their names before the conventions were stable, too
 * @param logs whether lines that targets write are sent
 */
public record Exports(
    Optional<Otlp> otlp,
    OptionalInt prometheusPort,
    boolean print,
    boolean oldNames,
    boolean logs) {
  /** The port of the receiver, if it is on this host. */
  public Optional<Integer> localReceiver() {
    return otlp.map(Otlp::endpoint)
        .filter(Exports::isHere)
        .map(uri -> uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80);
  }

  /** Whether an address names this host; a name that cannot be resolved names another. */
  private static boolean isHere(URI endpoint) {
    try {
      InetAddress address = InetAddress.getByName(endpoint.getHost());
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException elsewhere) {
      return false;
    }
  }

  public static final Exports NONE =
      new Exports(Optional.empty(), OptionalInt.empty(), false, false, false);

  public Exports withLogs() {
    return new Exports(otlp, prometheusPort, print, oldNames, true);
  }
}
