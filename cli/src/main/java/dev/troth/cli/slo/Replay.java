package dev.troth.cli.slo;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.MetricHistory;
import dev.troth.slo.backtest.TemplateBacktest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.rules.RefusedRulesException;
import dev.troth.slo.rules.RuleFile;
import dev.troth.slo.rules.RuleReplay;
import dev.troth.slo.series.SeriesStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the alarms of a file would have done.
 *
 * @param file as the command line names it
 * @param notKnown of which alarms nothing can be said, and why
 */
record Replay(String file, List<Alert> alerts, List<String> notKnown) {
  Replay {
    alerts = List.copyOf(alerts);
    notKnown = List.copyOf(notKnown);
  }

  static Replay ofTemplate(Path file, Template template, MetricHistory history, boolean quiet) {
    try (ProgressLine progress = new ProgressLine(file.toString(), quiet)) {
      TemplateBacktest.Report report = TemplateBacktest.run(template, history, progress::percent);
      if (report.alarms().isEmpty()) {
        throw CommandException.usage(file + " has no alarms");
      }
      List<String> notKnown = new ArrayList<>();
      report
          .alarms()
          .forEach(
              alarm -> alarm.notKnown().ifPresent(why -> notKnown.add(alarm.name() + ": " + why)));
      return new Replay(file.toString(), report.alerts(), notKnown);
    }
  }

  static Replay ofRules(Path file, RuleFile rules, SeriesStore history, boolean quiet) {
    if (!RuleReplay.hasAlerts(rules)) {
      throw CommandException.usage(file + " has no alerts");
    }
    try (ProgressLine progress = new ProgressLine(file.toString(), quiet)) {
      RuleReplay.Report report = RuleReplay.run(rules, history, progress::percent);
      return new Replay(file.toString(), report.alerts(), report.notKnown());
    } catch (RefusedRulesException refused) {
      throw CommandException.usage(file + ": " + String.join("; ", refused.reasons()));
    } catch (IllegalArgumentException tooMuch) {
      throw CommandException.usage(file + ": " + tooMuch.getMessage());
    }
  }

  /** Alerts alone, out of running sums. */
  static Replay ofObjective(Path file, Objective objective, List<Minute> minutes, Path counts) {
    measured(objective);
    try {
      List<Alert> alerts = Backtest.run(objective, minutes).alerts();
      return new Replay(file.toString(), alerts, groups(objective));
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(counts + ": " + wrong.getMessage());
    }
  }

  /** Groups that would alert; counts by the minute do not tell them apart. */
  private static List<String> groups(Objective objective) {
    return objective
        .chain()
        .flatMap(Chain::alertsBy)
        .map(by -> "%s: groups by %s, since counts tell none apart".formatted(objective.name(), by))
        .stream()
        .toList();
  }

  private static void measured(Objective objective) {
    if (objective.measure() instanceof Measure.Unmeasured unmeasured) {
      throw CommandException.usage(
          "objective %s is unmeasured: %s".formatted(objective.name(), unmeasured.reason()));
    }
    if (objective.kind() == CountingMethod.INTERVAL) {
      throw CommandException.usage(
          "objective %s is an interval, which one count of bad events cannot replay"
              .formatted(objective.name()));
    }
  }
}
