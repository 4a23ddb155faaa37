package dev.troth.server.rows;

import dev.troth.watch.webhook.AddressBlock;
import dev.troth.watch.webhook.AddressRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.SocketFactory;

/**
 * Sockets that connect to vetted addresses alone, for a driver that resolves names itself: the
 * address that is checked is the one that is connected to.
 */
public final class VettedSockets extends SocketFactory {
  private final AddressRule rule;

  /**
   * Called by the driver, which knows a text alone.
   *
   * @param allowed blocks that may be reached although they are not public, with commas
   */
  public VettedSockets(String allowed) {
    List<AddressBlock> blocks =
        allowed.isEmpty()
            ? List.of()
            : Arrays.stream(allowed.split(",")).map(AddressBlock::parse).toList();
    this.rule = new AddressRule(blocks);
  }

  /** A rule as the text that the driver passes on. */
  static String text(AddressRule rule) {
    return rule.allowed().stream().map(AddressBlock::toString).collect(Collectors.joining(","));
  }

  @Override
  public Socket createSocket() {
    return new Vetted(rule);
  }

  private static final class Vetted extends Socket {
    private final AddressRule rule;

    Vetted(AddressRule rule) {
      this.rule = rule;
    }

    @Override
    public void connect(SocketAddress to, int millis) throws IOException {
      if (!(to instanceof InetSocketAddress address) || address.isUnresolved()) {
        throw new IOException("no address of %s is known".formatted(to));
      }
      Optional<String> refusal = rule.refusal(address.getAddress());
      if (refusal.isPresent()) {
        throw new IOException(
            "%s may not be reached: %s".formatted(address.getHostString(), refusal.get()));
      }
      super.connect(to, millis);
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("expected an address to connect to later");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket(host.getHostName(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(host.getHostName(), port);
  }
}
