package dev.troth.observe.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells the addresses of an interface; an address stands for itself. */
@FunctionalInterface
public interface NetworkInterfaces {
  Set<String> addresses(String nameOrAddress);

  /** The interfaces of this machine. */
  NetworkInterfaces OF_THIS_MACHINE =
      name -> {
        try {
          NetworkInterface found = NetworkInterface.getByName(name);
          return found == null
              ? Set.of(name.equals("localhost") ? "127.0.0.1" : name)
              : found.inetAddresses().map(InetAddress::getHostAddress).collect(Collectors.toSet());
        } catch (SocketException unknown) {
          return Set.of(name);
        }
      };
}
