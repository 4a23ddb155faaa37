package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.Printable;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.MetricHistory;
import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.backtest.TemplateBacktest;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Values;
import dev.troth.slo.cloudwatch.MetricAnswer;
import dev.troth.slo.cloudwatch.Retention;
import dev.troth.slo.cloudwatch.Retention.Stretch;
import dev.troth.slo.export.CloudWatchCounts;
import dev.troth.slo.objective.Durations;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** A history that CloudWatch keeps; what it cannot say is said on standard error. */
public final class CloudWatchHistory {
  private final CloudWatchOptions options;
  private final Instant from;
  private final Instant to;
  private final PrintWriter err;
  private final Deadline deadline;
  private final List<Stretch> stretches;

  /**
   * A history from one time to another.
   *
   * @param clock by which the service drops what is old
   */
  public CloudWatchHistory(
      CloudWatchOptions options, Instant from, Instant to, InstantSource clock, PrintWriter err) {
    Instant now = clock.instant();
    if (to.isAfter(now)) {
      throw CommandException.usage("--to is %s, expected a time that has passed".formatted(to));
    }
    if (from.getEpochSecond() % 60 != 0 || to.getEpochSecond() % 60 != 0) {
      throw CommandException.usage(
          "--from and --to are %s and %s, expected whole minutes".formatted(from, to));
    }
    this.options = options;
    this.deadline = new Deadline(options.within());
    this.from = from;
    this.to = to;
    this.err = err;
    try {
      stretches = Retention.stretches(from, to, now);
    } catch (IllegalArgumentException tooOld) {
      throw CommandException.usage("--from: " + tooOld.getMessage());
    }
    for (Stretch stretch : stretches) {
      if (stretch.period().toMinutes() > 1) {
        say(
            "CloudWatch keeps no minutes any more from %s to %s: the minutes of its periods of %s share sums evenly"
                .formatted(stretch.from(), stretch.to(), Durations.format(stretch.period())));
      }
    }
  }

  /** The metrics of all alarms of templates. */
  public MetricHistory of(List<Template> templates) {
    Set<SeriesName> names = new LinkedHashSet<>();
    templates.forEach(template -> names.addAll(TemplateBacktest.metrics(template)));
    if (names.isEmpty()) {
      throw CommandException.usage("no alarm of the template reads a metric that it names");
    }
    return MetricAnswer.history(answers(names), from, to);
  }

  /** The counts of an objective. */
  public List<Minute> minutes(CloudWatchCounts counts) {
    if (!counts.remark().isEmpty()) {
      say("CloudWatch: " + counts.remark());
    }
    try {
      return counts.minutes(answers(counts.metrics()), from, to);
    } catch (IllegalArgumentException nothing) {
      throw CommandException.usage("CloudWatch: " + nothing.getMessage());
    }
  }

  private List<MetricAnswer> answers(Collection<SeriesName> names) {
    try (CloudWatchClient client = new Account(options).open()) {
      MetricSource source = new MetricSource(client, deadline, this::say);
      Map<SeriesName, SeriesName> wanted = new LinkedHashMap<>();
      names.forEach(name -> wanted.put(name, deployed(name, source)));
      List<MetricAnswer> answers = new ArrayList<>();
      stretches.forEach(stretch -> answers.add(source.over(stretch, wanted)));
      for (SeriesName name : names) {
        if (MetricAnswer.isEmpty(name, answers)) {
          say(
              "CloudWatch has no data of %s from %s to %s: it may be the name of no metric"
                  .formatted(wanted.get(name), from, to));
        }
      }
      return answers;
    }
  }

  /** The one metric of the account that a name can mean. */
  private static SeriesName deployed(SeriesName name, MetricSource source) {
    if (Values.isOpen(name.namespace())) {
      throw CommandException.usage(
          "the namespace of %s is known at deployment only: give --parameter NAME=VALUE"
              .formatted(name));
    }
    if (!OpenName.isOpen(name)) {
      return name;
    }
    List<SeriesName> found = source.like(name);
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw CommandException.usage(
        found.isEmpty()
            ? "CloudWatch lists no metric that %s may be: give --parameter NAME=VALUE"
                .formatted(name)
            : "CloudWatch lists %d metrics that %s may be, such as %s and %s: give --parameter NAME=VALUE"
                .formatted(found.size(), name, found.get(0), found.get(1)));
  }

  private void say(String note) {
    err.println(Printable.line(note));
    err.flush();
  }
}
