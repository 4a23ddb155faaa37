package dev.troth.gate.keys;

import java.util.Optional;

/** Where a gate has its keys from. A source is asked for every token, so it answers at once. */
@FunctionalInterface
public interface KeySource {
  /** The present keys; the same object as long as nothing changed. */
  Keyring keyring();

  /**
   * Whether keys newer than those seen are there or on their way, because a token names one that is
   * not among them. A source that fetches may start a fetch here, and limits how often, for anybody
   * can forge a key id. Answers at once.
   */
  default boolean mayHaveNewer(Keyring seen) {
    return false;
  }

  /** Why newer keys could not be taken up; empty if the present ones are what the source says. */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /**
   * Waits for the newer keys of {@link #mayHaveNewer}. Callers hold nothing that others need.
   *
   * @param seen the keys that the token was checked against
   * @return the present keys; {@code seen} itself where there are none newer
   */
  default Keyring newerThan(Keyring seen) {
    return seen;
  }
}
