package dev.troth.gate.keys;

/** Where a gate has its keys from. A source is asked for every token, so it answers at once. */
@FunctionalInterface
public interface KeySource {
  /** The present keys; the same object as long as nothing changed. */
  Keyring keyring();

  /**
   * Asks for newer keys because a token names one that is not among those seen. A source that
   * fetches may wait for a fetch here, and limits how often this starts one, for anybody can forge
   * a key id.
   *
   * @param seen the keys that the token was checked against
   * @return the present keys; {@code seen} itself where there are none newer
   */
  default Keyring newerThan(Keyring seen) {
    return seen;
  }
}
