package dev.troth.gate.keys;

/** Where a gate has its keys from. A source is asked for every token, so it answers at once. */
@FunctionalInterface
public interface KeySource {
  /** The present keys; the same object as long as nothing changed. */
  Keyring keyring();

  /**
   * Asks for newer keys because a token names one that is not there; whether the keys changed.
   * Sources that fetch limit how often this does anything, for anybody can forge a key id.
   */
  default boolean refresh() {
    return false;
  }
}
