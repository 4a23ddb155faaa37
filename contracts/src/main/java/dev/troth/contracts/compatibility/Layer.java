package dev.troth.contracts.compatibility;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How strictly "reads what it writes" is meant. */
public enum Layer {
  /** Every valid document counts, also one with members that its schema does not speak of. */
  STRICT,
  /**
   * A property that the writer does not declare counts as absent: a writer does not send what it
   * does not know. So an optional property may be added.
   */
  EVOLUTION,
  /**
   * What Confluent Schema Registry answers, by its rules over how schemas are written. A ruling of
   * this layer is a rule, not a proof; see {@link dev.troth.contracts.confluent.Ruling}.
   */
  CONFLUENT;

  /** The layer of that name, in any case. */
  public static Layer named(String name) {
    return Arrays.stream(values())
        .filter(layer -> layer.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "layer is '%s', expected one of %s".formatted(name, List.of(values()))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
