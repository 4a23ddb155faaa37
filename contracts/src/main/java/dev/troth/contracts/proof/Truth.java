package dev.troth.contracts.proof;

import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Whether formulas hold for a value at hand, as the validator sees it. */
final class Truth {
  private final Map<Schema, Interpreter> interpreters = new HashMap<>();

  /** False only if one of the formulas certainly does not hold. */
  boolean of(Collection<Formula> formulas, Json value) {
    return formulas.stream().allMatch(formula -> of(formula, value));
  }

  private boolean of(Formula formula, Json value) {
    return switch (formula) {
      case Formula.Is is ->
          !is.scope().outermost().isEmpty() || valid(is.schema(), value) == is.holds();
      case Formula.Writes writes ->
          !writes.scope().outermost().isEmpty() || valid(writes.schema(), value);
      case Formula.Equals equals -> equals.value().equals(value) == equals.holds();
      case Formula.Constant constant -> constant == Formula.TRUE;
      case Formula.All all -> of(all.parts(), value);
      case Formula.Any any -> any.parts().stream().anyMatch(part -> of(part, value));
      default -> true;
    };
  }

  private boolean valid(Schema schema, Json value) {
    return interpreters.computeIfAbsent(schema, Interpreter::new).isValid(value);
  }
}
