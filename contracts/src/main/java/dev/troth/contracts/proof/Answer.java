package dev.troth.contracts.proof;

import dev.troth.json.Json;

/** Whether every document of one schema is valid under another. */
public sealed interface Answer {
  /** It is: no document of the one is invalid under the other. */
  record Proved() implements Answer {}

  /**
   * It is not.
   *
   * @param counterexample valid under the one, invalid under the other, as their validator says
   */
  record Refuted(Json counterexample) implements Answer {}

  /** It could not be told. */
  record Unknown(String reason) implements Answer {}
}
