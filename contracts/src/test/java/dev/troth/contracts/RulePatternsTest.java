package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.cel.EvaluationException;
import dev.troth.cel.Program;
import dev.troth.json.JsonReader;
import org.junit.jupiter.api.Test;

/** A rule's {@code matches} reads patterns as a schema does, and never hangs on one. */
class RulePatternsTest {
  private final RulePatterns patterns = new RulePatterns();

  @Test
  void aPatternIsFoundAnywhere() throws Exception {
    var message = JsonReader.read("{\"id\":\"o-17\"}");
    assertThat(Program.of("this.id.matches('[0-9]')", patterns).problem(message)).isEmpty();
    assertThat(Program.of("this.id.matches('^[0-9]')", patterns).problem(message))
        .contains("false");
  }

  @Test
  void aBrokenPatternHasNoAnswer() {
    assertThatThrownBy(() -> patterns.find("(", "x")).isInstanceOf(EvaluationException.class);
  }

  @Test
  void aPatternThatCostsTooMuchHasNoAnswer() {
    assertThatThrownBy(() -> patterns.find("^(a+)+\\1$", "a".repeat(40) + "b"))
        .isInstanceOf(EvaluationException.class);
  }
}
