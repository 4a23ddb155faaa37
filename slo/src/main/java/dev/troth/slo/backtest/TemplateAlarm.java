package dev.troth.slo.backtest;

import dev.troth.slo.alarm.AlarmCondition;
import dev.troth.slo.alarm.CompositeRule;
import dev.troth.slo.objective.Severity;
import java.util.Optional;
import java.util.Set;

/** An alarm of a template, as far as it can be replayed. */
sealed interface TemplateAlarm {
  /** Its logical name. */
  String name();

  /** What other resources call it in rules. */
  Set<String> names();

  /** Whom it tells; nothing if it is only a part of others. */
  Optional<Severity> tells();

  /**
   * An alarm on metrics.
   *
   * @param wrong why nothing can be created of it; empty if something can
   */
  record OfMetrics(
      String name,
      Set<String> names,
      Optional<Severity> tells,
      Optional<AlarmCondition> condition,
      Optional<AlarmFigure> figure,
      Optional<String> wrong)
      implements TemplateAlarm {
    public OfMetrics {
      names = Set.copyOf(names);
    }
  }

  /**
   * An alarm on other alarms.
   *
   * @param suppressor while this alarm fires, nobody is told
   */
  record OfAlarms(
      String name,
      Set<String> names,
      Optional<Severity> tells,
      Optional<CompositeRule> rule,
      Optional<String> suppressor,
      Optional<String> wrong)
      implements TemplateAlarm {
    public OfAlarms {
      names = Set.copyOf(names);
    }
  }
}
