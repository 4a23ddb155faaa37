package dev.troth.observe.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells the addresses of an interface; an address stands for itself, an unknown name for none. */
@FunctionalInterface
public interface NetworkInterfaces {
  Set<String> addresses(String nameOrAddress);

  /** The interfaces of this machine. */
  NetworkInterfaces OF_THIS_MACHINE =
      name -> {
        try {
          NetworkInterface found = NetworkInterface.getByName(name);
          if (found == null && name.equals("localhost")) {
            return Set.of("127.0.0.1");
          }
          return found == null
              ? (name.matches("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*") ? Set.of(name) : Set.of())
              : found.inetAddresses().map(InetAddress::getHostAddress).collect(Collectors.toSet());
        } catch (SocketException unknown) {
          return Set.of();
        }
      };
}
