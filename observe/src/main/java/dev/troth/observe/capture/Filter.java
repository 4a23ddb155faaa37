package dev.troth.observe.capture;

import dev.troth.observe.stream.Signature;
import java.util.List;

/**
 * What the programs let through.
 *
 * @param signatures of the protocols that the agent reads
 * @param ringBytes the size of the ring buffer, a power of two; 2 MiB hold about 10,000 events
 */
public record Filter(List<Signature> signatures, int ringBytes) {
  public Filter {
    signatures = List.copyOf(signatures);
    if (signatures.isEmpty()) {
      throw new IllegalArgumentException("a filter has no signatures, expected at least one");
    }
  }
}
