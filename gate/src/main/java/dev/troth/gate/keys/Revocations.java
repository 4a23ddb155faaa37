package dev.troth.gate.keys;

import java.util.Optional;
import java.util.Set;

/** The {@code jti} values that are no longer accepted. Asked for every token. */
@FunctionalInterface
public interface Revocations {
  Revocations NONE = Set::of;

  /** The present values; the same object as long as nothing changed. */
  Set<String> ids();

  /** Why newer values could not be taken up. */
  default Optional<String> problem() {
    return Optional.empty();
  }
}
