package dev.troth.server.event;

import java.util.Optional;

/** Compares the data of events with the schemas that they name. */
@FunctionalInterface
public interface DataCheck {
  /**
   * What is wrong with data in JSON; empty if nothing is, or if the schema is none of this
   * platform's.
   */
  Optional<String> problem(String dataschema, byte[] data);
}
