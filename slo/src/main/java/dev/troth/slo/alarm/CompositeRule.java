package dev.troth.slo.alarm;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rule of a composite alarm: {@code ALARM("a") AND NOT OK("b")} (Amazon CloudWatch API, {@code
 * PutCompositeAlarm}).
 */
public sealed interface CompositeRule {
  /** Whether an alarm is in a state. */
  record In(AlarmState state, String alarm) implements CompositeRule {}

  record Not(CompositeRule rule) implements CompositeRule {}

  /** All have to hold. */
  record All(List<CompositeRule> rules) implements CompositeRule {
    public All {
      rules = List.copyOf(rules);
    }
  }

  /** One has to hold. */
  record Any(List<CompositeRule> rules) implements CompositeRule {
    public Any {
      rules = List.copyOf(rules);
    }
  }

  /** {@code TRUE} or {@code FALSE}. */
  record Constant(boolean holds) implements CompositeRule {}

  /**
   * What was read.
   *
   * @param rule empty if the text is none
   * @param alarms the names of the alarms, in order
   * @param wrong why it is no rule; empty if it is one
   */
  record Read(Optional<CompositeRule> rule, List<String> alarms, Optional<String> wrong) {
    public Read {
      alarms = List.copyOf(alarms);
    }
  }

  static Read read(String text) {
    return CompositeRuleParser.read(text);
  }

  /**
   * Whether it holds; nothing if that hangs on an alarm whose state is not known.
   *
   * @param states how each alarm stands
   */
  default Optional<Boolean> holds(Function<String, AlarmState> states) {
    return switch (this) {
      case Constant(boolean holds) -> Optional.of(holds);
      case In(AlarmState state, String alarm) -> {
        AlarmState stands = states.apply(alarm);
        yield stands == AlarmState.NOT_KNOWN ? Optional.empty() : Optional.of(stands == state);
      }
      case Not(CompositeRule rule) -> rule.holds(states).map(holds -> !holds);
      case All(List<CompositeRule> rules) -> decided(rules, false, states);
      case Any(List<CompositeRule> rules) -> decided(rules, true, states);
    };
  }

  /** One rule that comes to the decisive answer is enough, whatever is not known of the others. */
  private static Optional<Boolean> decided(
      List<CompositeRule> rules, boolean decisive, Function<String, AlarmState> states) {
    boolean allKnown = true;
    for (CompositeRule rule : rules) {
      Optional<Boolean> holds = rule.holds(states);
      if (holds.isPresent() && holds.get() == decisive) {
        return holds;
      }
      allKnown &= holds.isPresent();
    }
    return allKnown ? Optional.of(!decisive) : Optional.empty();
  }

  /** The state of a composite alarm with this rule: it is never short of data by itself. */
  default AlarmState state(Function<String, AlarmState> states) {
    return holds(states)
        .map(holds -> holds ? AlarmState.ALARM : AlarmState.OK)
        .orElse(AlarmState.NOT_KNOWN);
  }
}
