package dev.troth.observe.dns;

import java.util.Map;

/**
 * What is asked for.
 *
 * @param name as it was written, without the last dot
 * @param type such as 1 for {@code A}
 * @param kind the class, such as 1 for the Internet
 */
public record Question(String name, int type, int kind) {
  private static final Map<Integer, String> TYPES =
      Map.ofEntries(
          Map.entry(1, "A"),
          Map.entry(2, "NS"),
          Map.entry(5, "CNAME"),
          Map.entry(6, "SOA"),
          Map.entry(12, "PTR"),
          Map.entry(15, "MX"),
          Map.entry(16, "TXT"),
          Map.entry(28, "AAAA"),
          Map.entry(33, "SRV"),
          Map.entry(35, "NAPTR"),
          Map.entry(43, "DS"),
          Map.entry(48, "DNSKEY"),
          Map.entry(52, "TLSA"),
          Map.entry(64, "SVCB"),
          Map.entry(65, "HTTPS"),
          Map.entry(255, "ANY"),
          Map.entry(257, "CAA"));

  /** Whether an answer to the other one answers this one: servers may change the case. */
  boolean isSame(Question other) {
    return type == other.type && kind == other.kind && name.equalsIgnoreCase(other.name);
  }

  /** The type by its name, or as RFC 3597 writes unknown ones. */
  public String typeText() {
    return TYPES.getOrDefault(type, "TYPE" + type);
  }
}
