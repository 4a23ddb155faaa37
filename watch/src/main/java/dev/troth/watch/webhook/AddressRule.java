package dev.troth.watch.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where outgoing requests may go: public addresses, and what is allowed besides. A user names the
 * URL, so without this rule a webhook could reach what only this machine can: loopback, private
 * networks, a cloud's metadata service.
 *
 * @param allowed blocks that may be reached although they are not public
 */
public record AddressRule(List<AddressBlock> allowed) {
  /** IANA's special-purpose IPv4 blocks (RFC 6890 and its updates), multicast and reserved. */
  private static final List<AddressBlock> CLOSED_V4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /** Of IPv6 only global unicast is open (RFC 4291 §2.4), and of that not these. */
  private static final AddressBlock OPEN_V6 = AddressBlock.parse("2000::/3");

  private static final List<AddressBlock> CLOSED_V6 =
      blocks("2001::/23", "2001:db8::/32", "3fff::/20");

  private static final AddressBlock SIX_TO_FOUR = AddressBlock.parse("2002::/16");
  private static final AddressBlock NAT64 = AddressBlock.parse("64:ff9b::/96");

  public AddressRule {
    allowed = List.copyOf(allowed);
  }

  private static List<AddressBlock> blocks(String... texts) {
    return Arrays.stream(texts).map(AddressBlock::parse).toList();
  }

  /** Why the address may not be reached; empty when it may. */
  public Optional<String> refusal(InetAddress address) {
    boolean open = isIn(allowed, address) || isPublic(address);
    return open
        ? Optional.empty()
        : Optional.of(
            "address is %s, expected a public one or one of the allowed blocks %s"
                .formatted(address.getHostAddress(), allowed));
  }

  private static boolean isPublic(InetAddress address) {
    if (address instanceof Inet4Address) {
      return !isIn(CLOSED_V4, address);
    }
    byte[] bytes = address.getAddress();
    if (NAT64.contains(address)) {
      return isPublic(embedded(bytes, 12));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return isPublic(embedded(bytes, 2));
    }
    return OPEN_V6.contains(address) && !isIn(CLOSED_V6, address);
  }

  /** The IPv4 address that translators take out of an IPv6 one. */
  private static InetAddress embedded(byte[] bytes, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  private static boolean isIn(List<AddressBlock> blocks, InetAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }
}
