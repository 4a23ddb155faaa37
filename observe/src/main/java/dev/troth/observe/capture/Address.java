package dev.troth.observe.capture;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An IP address as the kernel stores it, 16 bytes in two halves. An IPv4 address that comes mapped
 * into IPv6 is the IPv4 address itself, so that both ends of one connection are named alike.
 */
public record Address(boolean six, long high, long low) {
  private static final int MAPPED_PREFIX = 0xffff0000;

  static Address of(boolean six, long high, long low) {
    if (six && high == 0 && (int) low == MAPPED_PREFIX) {
      return new Address(false, low >>> 32, 0);
    }
    return new Address(six, high, low);
  }

  /** Whether it names this host in its own network namespace alone. */
  public boolean isLoopback() {
    return six ? high == 0 && low == 1L << 56 : (high & 0xff) == 127;
  }

  /** The address in its usual notation. */
  public String text() {
    byte[] bytes =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(high).putLong(low).array();
    try {
      return InetAddress.getByAddress(six ? bytes : java.util.Arrays.copyOf(bytes, 4))
          .getHostAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 or 16 bytes are an address", impossible);
    }
  }
}
