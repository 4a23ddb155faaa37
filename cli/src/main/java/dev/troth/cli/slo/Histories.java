package dev.troth.cli.slo;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.MetricHistory;
import dev.troth.slo.backtest.Truth;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.rules.RuleFile;
import dev.troth.slo.series.SeriesStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code --data} and {@code --truth} hold, each read once, and replays over it. */
final class Histories {
  private final Files given;
  private final Optional<Truth> truth;
  private final boolean quiet;
  private final PrintWriter err;
  private @Nullable MetricHistory metrics;
  private @Nullable SeriesStore samples;

  /** What the command line names; {@code name} is an objective's. */
  record Files(@Nullable Path data, @Nullable Path truth, @Nullable String name) {
    Path needData() {
      if (data == null) {
        throw CommandException.usage("--data is missing: the history to replay");
      }
      return data;
    }
  }

  Histories(Files given, Optional<Truth> truth, boolean quiet, PrintWriter err) {
    this.given = given;
    this.truth = truth;
    this.quiet = quiet;
    this.err = err;
  }

  /** Takes a history that was asked for, in the place of one of a file. */
  void take(MetricHistory asked) {
    metrics = asked;
  }

  Replay replay(AlarmFile file) {
    return replay(file, false);
  }

  /**
   * Replays a file.
   *
   * @param countsInData whether the data are counts of objectives; else those replay the truth
   */
  Replay replay(AlarmFile file, boolean countsInData) {
    return switch (file) {
      case AlarmFile.Alarms(Path path, Template read) -> {
        refuseBoth(samples, path);
        metrics = metrics == null ? readMetrics() : metrics;
        yield Replay.ofTemplate(path, read, metrics, quiet);
      }
      case AlarmFile.Rules(Path path, RuleFile read) -> {
        refuseBoth(metrics, path);
        samples = samples == null ? CountFiles.samples(given.needData()) : samples;
        yield Replay.ofRules(path, read, samples, quiet);
      }
      case AlarmFile.Objectives(Path path) -> objective(path, countsInData);
    };
  }

  private Replay objective(Path path, boolean countsInData) {
    Loaded loaded = SloFiles.objectives(path);
    Objective named = SloFiles.objective(path, loaded, given.name());
    Objective objective = loaded.replayable(named);
    if (truth.isPresent() && given.truth() != null) {
      List<Minute> minutes = truth.get().minutes();
      return Replay.ofObjective(path, objective, minutes, given.truth());
    }
    if (!countsInData) {
      throw CommandException.usage(
          path + " holds objectives: beside another kind of file they need --truth COUNTS");
    }
    Path data = given.needData();
    List<Minute> minutes = CountFiles.minutes(data);
    return Replay.ofObjective(path, objective, minutes, data);
  }

  private MetricHistory readMetrics() {
    Path data = given.needData();
    MetricHistory read = CountFiles.metrics(data);
    if (read.passedOver() > 0) {
      err.printf("%s: %d lines hold no metrics%n", data, read.passedOver());
      err.flush();
    }
    return read;
  }

  private static void refuseBoth(@Nullable Object other, Path path) {
    if (other != null) {
      throw CommandException.usage(
          path + " is of another kind than the first file, and --data is one history");
    }
  }
}
