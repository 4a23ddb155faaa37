package dev.troth.watch.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A block of addresses: {@code 10.0.0.0/8}, {@code fc00::/7}, or one address.
 *
 * @param length the number of leading bits that count
 */
public record AddressBlock(InetAddress address, int length) {
  /** A literal address only: a name here would be looked up. */
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  public AddressBlock {
    int bits = address.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          "length of address block is %d, expected 0 to %d".formatted(length, bits));
    }
  }

  public static AddressBlock parse(String text) {
    String[] parts = text.split("/", 2);
    try {
      if (!LITERAL.matcher(parts[0]).matches()) {
        throw new IllegalArgumentException("not a literal address");
      }
      InetAddress address = InetAddress.getByName(parts[0]);
      int bits = address.getAddress().length * 8;
      return new AddressBlock(address, parts.length == 1 ? bits : Integer.parseInt(parts[1]));
    } catch (UnknownHostException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "address block is '%s', expected an address or a block such as 10.0.0.0/8"
              .formatted(text),
          e);
    }
  }

  public boolean contains(InetAddress other) {
    byte[] own = address.getAddress();
    byte[] theirs = other.getAddress();
    if (own.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((own[bit >> 3] & mask) != (theirs[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
