package dev.troth.server.config;

import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * Where a listener opens: {@code 127.0.0.1:4000}, {@code [::1]:4000}, {@code 4000} (loopback).
 *
 * @param port 0 to 65535; 0 takes any free port
 */
public record ListenAddress(String host, int port) {
  private static final String LOOPBACK = "127.0.0.1";

  public ListenAddress {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ", expected 0 to 65535");
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the host is empty, expected an address or a name");
    }
  }

  /** Reads {@code port} or {@code host:port}. */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? LOOPBACK : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address is written [address]:port");
    }
    try {
      return new ListenAddress(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected port or host:port", e);
    }
  }

  /** Whether only this machine can reach it; a name is taken as loopback only if it says so. */
  public boolean isLoopback() {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    boolean numeric = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return numeric && new InetSocketAddress(host, 0).getAddress().isLoopbackAddress();
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
