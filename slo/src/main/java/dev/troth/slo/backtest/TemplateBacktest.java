package dev.troth.slo.backtest;

import dev.troth.slo.alarm.AlarmCondition;
import dev.troth.slo.alarm.AlarmState;
import dev.troth.slo.alarm.CompositeRule;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.evaluate.Grid;
import dev.troth.slo.evaluate.Value;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Replays minutes of metrics through the alarms of a template, as the service evaluates them: each
 * minute, over periods that end with it.
 *
 * <pre>{@code
 * Report report = TemplateBacktest.run(template, history, percent -> {});
 * Outcome outcome = Outcome.of(report.alerts(), incidents);
 * }</pre>
 */
public final class TemplateBacktest {
  private final MetricHistory history;
  private final Map<String, BurnRates> objectives;
  private final Map<TemplateAlarm, Track> tracks = new LinkedHashMap<>();
  private final Map<String, Track> byName = new HashMap<>();

  private TemplateBacktest(Template template, MetricHistory history) {
    this.history = history;
    this.objectives = BurnRates.of(template);
    for (TemplateAlarm alarm : TemplateAlarms.of(template)) {
      Track track = new Track(alarm);
      tracks.put(alarm, track);
      alarm.names().forEach(name -> byName.put(name, track));
    }
  }

  /** From this time on an alarm was in this state. */
  public record Change(Instant at, AlarmState state) {}

  /**
   * What became of an alarm.
   *
   * @param tells whom; nothing if it is only a part of others
   * @param notKnown why nothing can be said of it at times; empty if something always can
   */
  public record Alarm(
      String name, Optional<Severity> tells, List<Change> changes, Optional<String> notKnown) {
    public Alarm {
      changes = List.copyOf(changes);
    }
  }

  /** What became of all alarms, and whom they told, in the order of time. */
  public record Report(List<Alarm> alarms, List<Alert> alerts) {
    public Report {
      alarms = List.copyOf(alarms);
      alerts = List.copyOf(alerts);
    }
  }

  private static final class Track {
    private final TemplateAlarm alarm;
    private final List<Change> changes = new ArrayList<>();
    private final List<Alert> alerts = new ArrayList<>();
    private AlarmState state = AlarmState.INSUFFICIENT_DATA;
    private Optional<String> notKnown = Optional.empty();
    private boolean told;

    Track(TemplateAlarm alarm) {
      this.alarm = alarm;
    }

    void unknown(String reason) {
      notKnown = notKnown.isPresent() ? notKnown : Optional.of(reason);
    }

    void become(AlarmState next, Instant at) {
      if (next != state || changes.isEmpty()) {
        changes.add(new Change(at, next));
      }
      state = next;
    }

    /** Tells once for each time that the alarm fires, as soon as nothing holds it back. */
    void tell(Instant at, boolean heldBack) {
      if (alarm.tells().isEmpty()) {
        return;
      }
      if (state != AlarmState.ALARM) {
        if (told) {
          Alert last = alerts.removeLast();
          alerts.add(new Alert(last.severity(), last.firedAt(), Optional.of(at), last.condition()));
        }
        told = false;
      } else if (!told && !heldBack) {
        told = true;
        alerts.add(new Alert(alarm.tells().get(), at, Optional.empty(), alarm.name()));
      }
    }
  }

  /**
   * The series that its alarms are worked out of: an average follows from sums and counts, and a
   * burn rate of an objective in the template from the metrics of the objective.
   */
  public static Set<SeriesName> metrics(Template template) {
    Map<String, BurnRates> objectives = BurnRates.of(template);
    Set<SeriesName> metrics = new LinkedHashSet<>();
    for (TemplateAlarm alarm : TemplateAlarms.of(template)) {
      if (alarm instanceof TemplateAlarm.OfMetrics watching) {
        watching.figure().ifPresent(figure -> metrics.addAll(figure.metrics()));
      }
    }
    for (SeriesName name : List.copyOf(metrics)) {
      BurnRates rates = objectives.get(name.dimensions().getOrDefault("SloName", ""));
      if (BurnRates.isBurnRate(name) && rates != null) {
        metrics.remove(name);
        metrics.addAll(rates.metrics());
      }
    }
    for (SeriesName name : List.copyOf(metrics)) {
      if (name.stat().equals("Average")) {
        metrics.remove(name);
        metrics.add(name.as("Sum"));
        metrics.add(name.as("SampleCount"));
      }
    }
    return metrics;
  }

  /**
   * Runs over the whole history.
   *
   * @param progress hears the share that is done, in percent
   */
  public static Report run(Template template, MetricHistory history, IntConsumer progress) {
    return new TemplateBacktest(template, history).run(progress);
  }

  private Report run(IntConsumer progress) {
    int percent = -1;
    for (int i = 0; i < history.minutes(); i++) {
      if (i * 100L / history.minutes() > percent) {
        percent = (int) (i * 100L / history.minutes());
        progress.accept(percent);
      }
      minute(history.first() + i + 1);
    }
    progress.accept(100);
    List<Alert> alerts = new ArrayList<>();
    tracks.values().forEach(track -> alerts.addAll(track.alerts));
    alerts.sort(Comparator.comparing(Alert::firedAt).thenComparing(Alert::condition));
    return new Report(
        tracks.values().stream()
            .map(track ->
                new Alarm(track.alarm.name(), track.alarm.tells(), track.changes, track.notKnown))
            .toList(),
        alerts);
  }

  private void minute(long end) {
    Instant at = Instant.ofEpochSecond(end * 60);
    tracks.forEach((alarm, track) -> {
      if (alarm instanceof TemplateAlarm.OfMetrics metrics) {
        track.become(state(metrics, track, end * 60), at);
      }
    });
    // Composite alarms may be made of composite alarms; each round settles one level more.
    Map<Track, AlarmState> settled = new LinkedHashMap<>();
    for (int round = 0; round < tracks.size(); round++) {
      Map<Track, AlarmState> next = new LinkedHashMap<>();
      tracks.forEach((alarm, track) -> {
        if (alarm instanceof TemplateAlarm.OfAlarms composite) {
          next.put(track, state(composite, track, settled));
        }
      });
      if (next.equals(settled)) {
        break;
      }
      settled.clear();
      settled.putAll(next);
    }
    settled.forEach((track, state) -> track.become(state, at));
    tracks.forEach((alarm, track) -> track.tell(at, isHeldBack(alarm)));
  }

  private boolean isHeldBack(TemplateAlarm alarm) {
    if (!(alarm instanceof TemplateAlarm.OfAlarms composite)) {
      return false;
    }
    return composite
        .suppressor()
        .flatMap(name -> Optional.ofNullable(byName.get(name)))
        .filter(track -> track.state == AlarmState.ALARM)
        .isPresent();
  }

  private AlarmState state(TemplateAlarm.OfMetrics alarm, Track track, long end) {
    Optional<AlarmCondition> condition = alarm.condition();
    if (alarm.wrong().isPresent() || condition.isEmpty() || alarm.figure().isEmpty()) {
      track.unknown(
          alarm.wrong().orElse("its condition is known to the service or at deployment only"));
      return AlarmState.NOT_KNOWN;
    }
    AlarmFigure figure = alarm.figure().get();
    int points = condition.get().range();
    Grid grid = new Grid(end - (long) points * figure.period(), figure.period(), points);
    return switch (figure.over(grid, this::metric)) {
      case Value.Series series ->
          condition
              .get()
              .next(
                  series,
                  track.state == AlarmState.NOT_KNOWN ? AlarmState.INSUFFICIENT_DATA : track.state);
      case Value.Unknown(String reason) -> {
        track.unknown(reason);
        yield AlarmState.NOT_KNOWN;
      }
      case Value.Scalar _, Value.Many _ -> {
        track.unknown("what it watches is no single time series");
        yield AlarmState.NOT_KNOWN;
      }
    };
  }

  private Value metric(SeriesName name, Grid grid) {
    return BurnRates.isBurnRate(name) && history.lacks(name)
        ? BurnRates.over(name, grid, objectives, history)
        : history.over(name, grid);
  }

  private AlarmState state(
      TemplateAlarm.OfAlarms alarm, Track track, Map<Track, AlarmState> settled) {
    Optional<CompositeRule> rule = alarm.rule();
    if (rule.isEmpty()) {
      track.unknown(alarm.wrong().orElse("its AlarmRule cannot be read"));
      return AlarmState.NOT_KNOWN;
    }
    AlarmState state =
        rule.get()
            .state(name -> {
              Track other = byName.get(name);
              if (other == null) {
                track.unknown(
                    "its AlarmRule names '%s', which is not in the template".formatted(name));
                return AlarmState.NOT_KNOWN;
              }
              return settled.getOrDefault(other, other.state);
            });
    if (state == AlarmState.NOT_KNOWN) {
      track.unknown("it is made of alarms that are not known");
    }
    return state;
  }
}
