package dev.troth.server.limit;

import dev.troth.watch.webhook.AddressBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which address a client is known: the peer's, or, behind a proxy that is configured, the last
 * in {@code X-Forwarded-For} that is no such proxy.
 */
public final class ClientAddresses {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final List<AddressBlock> proxies;

  /** Addresses behind these proxies. */
  public ClientAddresses(List<AddressBlock> proxies) {
    this.proxies = List.copyOf(proxies);
  }

  /** Whether what the peer forwards counts. */
  public boolean isProxy(InetAddress peer) {
    return proxies.stream().anyMatch(block -> block.contains(peer));
  }

  /**
   * The client's name: an IPv4 address, or the network of an IPv6 address, because one client has a
   * whole /64.
   *
   * @param forwardedFor the header's value, empty if there is none
   */
  public String clientOf(InetAddress peer, String forwardedFor) {
    InetAddress client = peer;
    String[] hops = forwardedFor.split(",");
    for (int i = hops.length - 1; i >= 0 && isProxy(client); i--) {
      InetAddress hop = literal(hops[i].strip());
      if (hop == null) {
        break;
      }
      client = hop;
    }
    return nameOf(client);
  }

  /** The client behind a peer that is no proxy, by the same name. */
  static String nameOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < 8; i += 2) {
      network.append(String.format("%02x%02x:", bytes[i], bytes[i + 1]));
    }
    return network.append(":/64").toString();
  }

  private static @Nullable InetAddress literal(String text) {
    try {
      return LITERAL.matcher(text).matches() ? InetAddress.getByName(text) : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
