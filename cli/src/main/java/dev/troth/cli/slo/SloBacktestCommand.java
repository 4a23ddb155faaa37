package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.slo.cloudwatch.CloudWatchHistory;
import dev.troth.cli.slo.cloudwatch.CloudWatchOptions;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonWriter;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.BacktestChart;
import dev.troth.slo.backtest.BudgetLine;
import dev.troth.slo.backtest.CountHistory;
import dev.troth.slo.backtest.Outcome;
import dev.troth.slo.backtest.Truth;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.export.CloudWatchCounts;
import dev.troth.slo.export.RefusedException;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Objective;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth slo backtest}: what alerts would have done over a history. */
@Command(
    name = "backtest",
    description = {
      "Replays a history and prints what would have alerted.",
      "  backtest OBJECTIVES COUNTS                an objective over lines of TIME,TOTAL,BAD, one"
          + " a",
      "                                            minute: 2026-10-01T00:00:00Z,120,1; or"
          + " OpenMetrics",
      "                                            text with times; or with --bad a log of JSON"
          + " lines",
      "  backtest OBJECTIVES --prometheus URL      over what Prometheus keeps",
      "  backtest OBJECTIVES --cloudwatch          over what CloudWatch keeps",
      "  backtest --template FILE --data METRICS   the alarms of a CloudFormation template",
      "  backtest --template FILE --cloudwatch     over what CloudWatch keeps",
      "  backtest --rules FILE --data SAMPLES      the alerts of a rule file of Prometheus",
      "  backtest --diff OLD NEW --data HISTORY    two templates, rule files or objective files",
      "Files that end in .gz are unpacked."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SloBacktestCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..2",
      paramLabel = "OBJECTIVES COUNTS",
      description = "An objective file, and minutes of counts.")
  private List<Path> files = List.of();

  @Mixin private PrometheusOptions prometheus = new PrometheusOptions();

  @Mixin private CloudWatchOptions cloudWatch = new CloudWatchOptions();

  @Mixin private TimeRange range = new TimeRange();

  @Mixin private LogOptions log = new LogOptions();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "A CloudFormation template: replays its own alarms.")
  private @Nullable Path template;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Rules of Prometheus: replays their alerts.")
  private @Nullable Path rules;

  @Option(
      names = "--diff",
      arity = "2",
      paramLabel = "FILE",
      description = "Two versions: which incidents each would have paged, and when.")
  private List<Path> versions = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = {
        "Minutes of metrics, as CSV with a head (time,AWS/ApiGateway Count{ApiName=Orders} Sum,…)",
        "or a JSON object a line, or a log in the embedded metric format; for rules OpenMetrics text with times; for objective files lines",
        "of TIME,TOTAL,BAD."
      })
  private @Nullable Path data;

  @Option(
      names = "--truth",
      paramLabel = "COUNTS",
      description = "What really happened, request by request: lines of TIME,TOTAL,BAD.")
  private @Nullable Path truthFile;

  @Option(
      names = "--incidents",
      paramLabel = "FILE",
      description = {
        "Lines of FROM,TO or FROM,TO,NAME: what was really wrong. Without it, the incidents are"
            + " those",
        "that --truth shows: five minutes with three bad requests that burn 14.4 budgets."
      })
  private @Nullable Path incidentFile;

  @Option(
      names = "--target",
      paramLabel = "SHARE",
      defaultValue = "0.995",
      description = "The target that --truth is held against (default: ${DEFAULT-VALUE}).")
  private double target;

  @Option(
      names = "--objective",
      paramLabel = "NAME",
      description = "Which objective of the file (default: the first).")
  private @Nullable String name;

  @Option(
      names = "--chart",
      paramLabel = "OUT.svg",
      description = "Where to draw incidents, pages and tickets over time.")
  private @Nullable Path chart;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default) or json.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() {
    if (!(target > 0 && target < 1)) {
      throw CommandException.usage("--target is " + target + ", expected above 0 and below 1");
    }
    boolean asked = prometheus.isGiven() || cloudWatch.isGiven();
    int modes = (template == null ? 0 : 1) + (rules == null ? 0 : 1) + (versions.isEmpty() ? 0 : 1);
    if (prometheus.isGiven() && modes > 0) {
      throw CommandException.usage(
          "--prometheus replays objectives: not with --template, --rules or --diff");
    }
    if (cloudWatch.isGiven() && (prometheus.isGiven() || rules != null || data != null)) {
      throw CommandException.usage(
          "--cloudwatch is the history: not with --prometheus, --rules or --data");
    }
    if (log.isGiven() && (modes > 0 || asked)) {
      throw CommandException.usage("--bad is for OBJECTIVES COUNTS, where COUNTS is a log");
    }
    if (modes > 1 || (modes == 1 && !files.isEmpty())) {
      throw CommandException.usage(
          "expected one of OBJECTIVES COUNTS, --template, --rules and --diff");
    }
    if (modes == 0) {
      if (files.size() != (asked ? 1 : 2)) {
        throw CommandException.usage(
            asked
                ? "expected OBJECTIVES alone with --prometheus or --cloudwatch"
                : "expected OBJECTIVES COUNTS, or --template, --rules or --diff");
      }
      objective(files.get(0), asked ? null : files.get(1));
    } else if (template != null) {
      AlarmFile file = AlarmFile.read(template);
      one(
          file instanceof AlarmFile.Alarms,
          file,
          "is no CloudFormation template or map of resources");
    } else if (rules != null) {
      AlarmFile file = AlarmFile.read(rules);
      one(file instanceof AlarmFile.Rules, file, "holds no rules of Prometheus");
    } else {
      two(versions.get(0), versions.get(1));
    }
    out().flush();
    return ExitCode.OK;
  }

  private Histories histories(Optional<Truth> truth) {
    Histories.Files given = new Histories.Files(data, truthFile, name);
    return new Histories(given, truth, isQuiet(), err());
  }

  private CloudWatchHistory kept() {
    return new CloudWatchHistory(
        cloudWatch, range.from(), range.to(), InstantSource.system(), err());
  }

  /** The template of a file as it was deployed, if CloudWatch is asked. */
  private AlarmFile deployed(AlarmFile file) {
    return cloudWatch.isGiven() ? file.with(cloudWatch.parameters()) : file;
  }

  private Optional<Truth> truth() {
    return Optional.ofNullable(truthFile).map(CountFiles::minutes).map(Truth::new);
  }

  private List<Incident> incidents(Optional<Truth> truth) {
    return incidentFile == null
        ? truth.map(counts -> counts.incidents(14.4 * (1 - target))).orElse(List.of())
        : CountFiles.incidents(incidentFile);
  }

  /** Over a file of counts, or over what Prometheus keeps. */
  private void objective(Path file, @Nullable Path counts) {
    Loaded loaded = SloFiles.objectives(file);
    Objective named = SloFiles.objective(file, loaded, name);
    Objective objective = loaded.replayable(named);
    List<Minute> minutes = counts == null ? asked(named, loaded) : counts(counts, named, loaded);
    Replay replay = Replay.ofObjective(file, objective, minutes, counts == null ? file : counts);
    draw(
        incidentFile == null ? List.of() : CountFiles.incidents(incidentFile),
        new BacktestChart.Version(file.toString(), replay.alerts()));
    if (format == Format.JSON) {
      Truth truth = new Truth(minutes);
      json(
          replay,
          incidentFile == null ? List.of() : CountFiles.incidents(incidentFile),
          Optional.of(truth));
      return;
    }
    print(replay, BudgetLine.of(objective, CountHistory.of(minutes)));
    if (incidentFile != null) {
      print(Backtest.Score.of(replay.alerts(), CountFiles.incidents(incidentFile)));
    }
  }

  private List<Minute> asked(Objective objective, Loaded loaded) {
    if (prometheus.isGiven()) {
      return prometheus.minutes(objective, loaded, range);
    }
    try {
      return kept().minutes(CloudWatchCounts.of(objective, loaded, cloudWatch.parameters()));
    } catch (RefusedException refused) {
      throw CommandException.usage(String.valueOf(refused.getMessage()));
    }
  }

  private List<Minute> counts(Path file, Objective objective, Loaded loaded) {
    if (log.isGiven()) {
      return CountFiles.log(file, log.counts());
    }
    return CountFiles.isSamples(file)
        ? prometheus.minutes(objective, loaded, file)
        : CountFiles.minutes(file);
  }

  private void one(boolean right, AlarmFile read, String otherwise) {
    if (!right) {
      throw CommandException.usage(read.path() + " " + otherwise);
    }
    AlarmFile file = deployed(read);
    Optional<Truth> truth = truth();
    List<Incident> incidents = incidents(truth);
    Histories histories = histories(truth);
    if (cloudWatch.isGiven()) {
      histories.take(kept().of(file.templates()));
    }
    Replay replay = histories.replay(file);
    draw(incidents, new BacktestChart.Version(replay.file(), replay.alerts()));
    if (format == Format.JSON) {
      json(replay, incidents, truth);
    } else {
      new BacktestText(out(), truth).one(replay, Outcome.of(replay.alerts(), incidents));
    }
  }

  private boolean isQuiet() {
    return format == Format.JSON;
  }

  private void json(Replay replay, List<Incident> incidents, Optional<Truth> truth) {
    out()
        .println(
            JsonWriter.pretty(
                BacktestJson.of(replay, Outcome.of(replay.alerts(), incidents), truth)));
  }

  private void two(Path before, Path after) {
    Optional<Truth> truth = truth();
    List<Incident> incidents = incidents(truth);
    AlarmFile old = deployed(AlarmFile.read(before));
    AlarmFile fresh = deployed(AlarmFile.read(after));
    boolean objectives =
        old instanceof AlarmFile.Objectives && fresh instanceof AlarmFile.Objectives;
    Histories histories = histories(truth);
    if (cloudWatch.isGiven()) {
      List<Template> templates =
          Stream.of(old, fresh).flatMap(file -> file.templates().stream()).toList();
      if (templates.isEmpty()) {
        throw CommandException.usage("--diff with --cloudwatch compares templates");
      }
      histories.take(kept().of(templates));
    }
    Replay first = histories.replay(old, objectives);
    Replay second = histories.replay(fresh, objectives);
    Outcome was = Outcome.of(first.alerts(), incidents);
    Outcome is = Outcome.of(second.alerts(), incidents);
    draw(
        incidents,
        new BacktestChart.Version(first.file(), first.alerts()),
        new BacktestChart.Version(second.file(), second.alerts()));
    if (format == Format.JSON) {
      out()
          .println(
              JsonWriter.pretty(
                  new JsonMembers()
                      .put("old", BacktestJson.of(first, was, truth))
                      .put("new", BacktestJson.of(second, is, truth))
                      .json()));
    } else {
      new BacktestText(out(), truth).two(first, was, second, is);
    }
  }

  private void print(Replay replay, BudgetLine budget) {
    PrintWriter out = out();
    replay.alerts().forEach(alert -> out.println(BacktestText.alert(alert)));
    new BacktestText(out, Optional.empty()).notKnown(replay);
    out.printf(
        "%d alerts; availability at the end %s; least budget that was left %.0f %%%n",
        replay.alerts().size(),
        Double.isNaN(budget.availability()) ? "not known" : SloText.percent(budget.availability()),
        100 * budget.lowest());
  }

  private void print(Backtest.Score score) {
    out()
        .printf(
            "pages: %d, %d of them right; incidents: %d, %d of them paged%n",
            score.pages(), score.right(), score.incidents(), score.delays().size());
    score.delays().stream()
        .max(Duration::compareTo)
        .ifPresent(worst ->
            out().printf("longest time from start to page: %s%n", Durations.format(worst)));
  }

  private void draw(List<Incident> incidents, BacktestChart.Version... drawn) {
    if (chart == null) {
      return;
    }
    String svg =
        BacktestChart.of(incidents, List.of(drawn))
            .orElseThrow(() ->
                CommandException.failed("there is no chart: no incident and no alert to draw"));
    try {
      Files.writeString(chart, svg);
    } catch (IOException unwritable) {
      throw CommandException.failed("%s cannot be written: %s".formatted(chart, unwritable));
    }
  }

  private PrintWriter err() {
    return requireNonNull(spec).commandLine().getErr();
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
