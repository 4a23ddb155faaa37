package dev.troth.orders.fault;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be made to go wrong, and in which ways. */
public enum Fault {
  /** The bus answers 503, or takes the request and says 207: a part of it failed. */
  PUBLISH("refused", "partial"),
  /** The event breaks its contract: seen by the producer's check, or slipped past it. */
  BAD_PAYLOAD("caught", "slipped"),
  /** A write to the table takes a second longer. */
  SLOW_DB("second"),
  /** The first attempt to write fails; the one after it goes well, and nobody notices. */
  RETRIES("first-attempt"),
  /** Customers come with a token of a key that nobody knows, or with one that has expired. */
  BAD_TOKEN("unknown-key", "expired");

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> variants;

  Fault(String... variants) {
    this.variants = List.of(variants);
  }

  /** Its name on the command line: {@code slow-db}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public List<String> variants() {
    return variants;
  }

  public static Optional<Fault> of(String label) {
    return List.of(values()).stream().filter(fault -> fault.label().equals(label)).findFirst();
  }
}
