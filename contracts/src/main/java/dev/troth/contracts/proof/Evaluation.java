package dev.troth.contracts.proof;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Schema;

/** {@code unevaluatedProperties} and {@code unevaluatedItems}. */
final class Evaluation {
  Evaluation(Unfolding unfolding, NameSets names) {}

  Formula of(Schema schema, DynamicScope scope, boolean holds) {
    return new Formula.Opaque(schema, holds);
  }
}
