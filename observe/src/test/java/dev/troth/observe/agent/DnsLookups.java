package dev.troth.observe.agent;

import java.net.InetAddress;

/** Looks up the names of its arguments when a line comes, as Java does it. */
final class DnsLookups {
  private DnsLookups() {}

  public static void main(String[] names) throws Exception {
    if (System.in.read() < 0) {
      return;
    }
    for (String name : names) {
      System.out.println(InetAddress.getAllByName(name).length);
    }
  }
}
