package dev.troth.contracts.generate;

/** What code is generated in. */
public enum Language {
  /** Java 25 or later: records and sealed interfaces. */
  JAVA,
  /** Python 3.11 or later: frozen dataclasses. */
  PYTHON,
  /** Go 1.19 or later: structs and sealed interfaces. */
  GO
}
