package dev.troth.server.guard;

import dev.troth.server.config.ListenAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names a request may call this machine by. A page of another site can make a browser send
 * requests here under a name of its own (DNS rebinding); it cannot make it send one of ours.
 */
final class HostCheck {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|([a-z0-9-]+\\.)+localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");

  private final Set<String> names = new HashSet<>();

  /** Loopback's names, the address that is listened on, and configured names. */
  HostCheck(ListenAddress address, List<String> configured) {
    names.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
    names.add(withoutPort(address.toString()));
    configured.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether the request's {@code Host}, of whatever port, is one of them. */
  boolean accepts(String authority) {
    String host = withoutPort(authority.toLowerCase(Locale.ROOT));
    return names.contains(host) || LOOPBACK.matcher(host).matches();
  }

  private static String withoutPort(String authority) {
    int bracket = authority.lastIndexOf(']');
    int colon = authority.indexOf(':', Math.max(bracket, 0));
    return colon < 0 ? authority : authority.substring(0, colon);
  }
}
