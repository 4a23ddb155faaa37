package dev.troth.slo.file;

import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Maintenance;
import dev.troth.slo.objective.MaintenanceTimes;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.TimeSlices;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is right in an objective and yet cannot be meant. */
final class Warnings {
  /** In January 2027; schedules repeat. */
  private static final long SOME_MINUTE = 30_000_000;

  /** Two months of minutes, and so many years that the 29 February is in them. */
  private static final long MONTHS = 62 * 1_440;

  private static final long YEARS = 9 * 366 * 1_440;

  private Warnings() {}

  static List<String> of(Objective objective) {
    List<String> warnings = new ArrayList<>();
    double budget = objective.goal().budget();
    // Added failures may be more than all requests.
    if (objective.kind() != CountingMethod.ADDITIVE) {
      for (Condition condition : objective.rules().alerts().conditions()) {
        if (!condition.canFire(budget)) {
          warnings.add(
              "objective '%s': the %s of %s can never fire: at the target %s it needs %s %% of all events to fail"
                  .formatted(
                      objective.name(),
                      condition.severity().word(),
                      condition.text(),
                      BigDecimal.valueOf(objective.goal().target()).toPlainString(),
                      percent(condition.above() * budget)));
        }
        tooFewSlices(objective, condition).ifPresent(warnings::add);
      }
    }
    maintenance(objective, warnings);
    return warnings;
  }

  /** Maintenance that never comes, or that never ends. */
  private static void maintenance(Objective objective, List<String> warnings) {
    List<Maintenance> all = objective.rules().maintenance();
    for (Maintenance one : all) {
      if (new MaintenanceTimes(List.of(one)).times(SOME_MINUTE, SOME_MINUTE + YEARS).isEmpty()) {
        warnings.add(
            "objective '%s': maintenance '%s' never comes: it is %s"
                .formatted(objective.name(), one.name(), one.text()));
      }
    }
    long known = SOME_MINUTE;
    for (MaintenanceTimes.Time time :
        new MaintenanceTimes(all).times(SOME_MINUTE, SOME_MINUTE + MONTHS)) {
      if (Tally.minute(time.from()) <= known) {
        known = Math.max(known, Tally.minute(time.to()));
      }
    }
    if (known >= SOME_MINUTE + MONTHS) {
      warnings.add(
          "objective '%s': maintenance leaves no minute: nothing is counted, and nobody is alerted"
              .formatted(objective.name()));
    }
  }

  /** A window that holds fewer slices than an alert needs bad ones. */
  private static Optional<String> tooFewSlices(Objective objective, Condition condition) {
    if (objective.goal().slices().isEmpty()
        || !(objective.rules().alerts().gate() instanceof MinimumEvidence.BadEvents gate)) {
      return Optional.empty();
    }
    TimeSlices slices = objective.goal().slices().get();
    long most = condition.longWindow().dividedBy(slices.length());
    return most >= gate.atLeast()
        ? Optional.empty()
        : Optional.of(
            "objective '%s': the %s of %s can never fire: %s holds %d time slices of %s, and minBadEvents is %d"
                .formatted(
                    objective.name(),
                    condition.severity().word(),
                    condition.text(),
                    Durations.format(condition.longWindow()),
                    most,
                    Durations.format(slices.length()),
                    gate.atLeast()));
  }

  private static String percent(double share) {
    return new BigDecimal(100 * share, new MathContext(3)).toPlainString();
  }
}
