package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The alarms of one objective: one for each window and threshold, joined by a composite alarm for
 * pages and one for tickets.
 *
 * <p>An alarm whose period is the window slides over it by the minute, so its figure is the sum of
 * the window's bad requests over the sum of all. Metric math reaches a day; longer windows are burn
 * rates of the objective in Application Signals.
 */
final class BurnAlarms {
  private static final Duration MATH_REACHES = Duration.ofDays(1);

  private final Objective objective;
  private final Indicator indicator;
  private final LogicalNames names;
  private final String sloName;
  private final Map<String, Json> resources = new LinkedHashMap<>();
  private final Map<Window, String> alarms = new LinkedHashMap<>();
  private final Set<Long> burnMinutes = new LinkedHashSet<>();

  /** What tells one alarm from another; only the long window asks for evidence. */
  private record Window(Duration length, double above, boolean gated) {}

  BurnAlarms(Objective objective, Indicator indicator, LogicalNames names) {
    this.objective = objective;
    this.indicator = indicator;
    this.names = names;
    this.sloName = names.name(objective.name(), "Objective");
    List<String> pages = clauses(Severity.PAGE);
    List<String> tickets = clauses(Severity.TICKET);
    Optional<String> page = composite("Page", pages, Optional.empty());
    composite("Ticket", tickets, page);
    resources.put(sloName, slo());
  }

  Map<String, Json> resources() {
    return resources;
  }

  private List<String> clauses(Severity severity) {
    List<String> clauses = new ArrayList<>();
    for (Condition condition : objective.rules().alerts().conditions()) {
      if (condition.severity() == severity) {
        String longer = alarm(new Window(condition.longWindow(), condition.above(), true));
        String shorter =
            condition.shortWindow().equals(condition.longWindow())
                ? longer
                : alarm(new Window(condition.shortWindow(), condition.above(), false));
        clauses.add(
            longer.equals(shorter)
                ? "ALARM(\"${%s}\")".formatted(longer)
                : "(ALARM(\"${%s}\") AND ALARM(\"${%s}\"))".formatted(shorter, longer));
      }
    }
    return clauses;
  }

  private String alarm(Window window) {
    String known = alarms.get(window);
    if (known != null) {
      return known;
    }
    String name =
        names.name(
            objective.name(),
            window.gated() ? "Long" : "Short",
            Durations.format(window.length()),
            "Over" + number(window.above()).replace('.', 'p'));
    alarms.put(window, name);
    resources.put(
        name, window.length().compareTo(MATH_REACHES) > 0 ? signals(window) : math(window));
    return name;
  }

  private static String number(double value) {
    return Shape.plain(value).toPlainString();
  }

  private Map<String, Json> common(Window window, String evidence) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(
        "AlarmDescription",
        Shape.description(
            "Burn rate of %s over %s above %s%s. 1 spends the budget exactly within %s. %s"
                .formatted(
                    objective.name(),
                    Durations.format(window.length()),
                    number(window.above()),
                    evidence,
                    objective.goal().window().text(),
                    indicator.remark())));
    return members;
  }

  private static void condition(Map<String, Json> members, double above) {
    members.put("ComparisonOperator", new Json.Str("GreaterThanThreshold"));
    members.put("Threshold", new Json.Num(Shape.plain(above)));
    members.put("EvaluationPeriods", Json.Num.of(1));
    // Without data the state stays what it was: lost telemetry ends no alarm.
    members.put("TreatMissingData", new Json.Str("ignore"));
  }

  private Json math(Window window) {
    int least =
        objective.rules().alerts().gate() instanceof MinimumEvidence.BadEvents(int atLeast)
            ? atLeast
            : 1;
    String burn = "bad / total / " + Indicator.budget(objective).toPlainString();
    String enough = window.gated() ? "IF(bad >= %d, %s, 0)".formatted(least, burn) : burn;
    int period = (int) window.length().toSeconds();
    List<Json> queries = new ArrayList<>(indicator.inputs(period));
    queries.add(Metric.expression("burn", "IF(total > 0, " + enough + ")", true));
    Map<String, Json> members =
        common(window, window.gated() ? " with at least %d bad requests".formatted(least) : "");
    members.put("Metrics", new Json.Arr(queries));
    condition(members, window.above());
    return Shape.object("Type", "AWS::CloudWatch::Alarm", "Properties", new Json.Obj(members));
  }

  private Json signals(Window window) {
    long minutes = window.length().toMinutes();
    burnMinutes.add(minutes);
    Map<String, String> dimensions = new LinkedHashMap<>();
    dimensions.put("SloName", sloText());
    dimensions.put("BurnRateWindowMinutes", Long.toString(minutes));
    Map<String, Json> members = common(window, "");
    members.putAll(
        new Metric("", "AWS/ApplicationSignals", "BurnRate", dimensions, "Maximum").alone(60));
    condition(members, window.above());
    return Shape.object(
        "Type",
        "AWS::CloudWatch::Alarm",
        "DependsOn",
        sloName,
        "Properties",
        new Json.Obj(members));
  }

  private String sloText() {
    return "${AWS::StackName}-" + objective.name();
  }

  private Optional<String> composite(String what, List<String> clauses, Optional<String> page) {
    if (clauses.isEmpty()) {
      return Optional.empty();
    }
    String name = names.name(objective.name(), what);
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(
        "AlarmName", Shape.sub("${AWS::StackName}-%s-%s".formatted(objective.name(), what)));
    members.put(
        "AlarmDescription",
        Shape.description(
            "%s: %s. %s"
                .formatted(
                    what, objective.title().displayName(), objective.title().description())));
    members.put("AlarmRule", Shape.sub(String.join(" OR ", clauses)));
    page.ifPresent(alarm -> {
      // A page says it already: the ticket's actions wait until the page is over.
      members.put("ActionsSuppressor", Shape.ref(alarm));
      members.put("ActionsSuppressorWaitPeriod", Json.Num.of(60));
      members.put("ActionsSuppressorExtensionPeriod", Json.Num.of(60));
    });
    Topics.actions(members, what);
    resources.put(
        name,
        Shape.object(
            "Type", "AWS::CloudWatch::CompositeAlarm", "Properties", new Json.Obj(members)));
    return Optional.of(name);
  }

  private Json slo() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("Name", Shape.sub(sloText()));
    members.put(
        "Description",
        Shape.description(objective.title().displayName() + ". " + indicator.remark()));
    members.put(
        "RequestBasedSli",
        Shape.object(
            "RequestBasedSliMetric",
            Shape.object(
                "TotalRequestCountMetric",
                indicator.counted("total", 60),
                "MonitoredRequestCountMetric",
                Shape.object("BadCountMetric", indicator.counted("bad", 60)))));
    long minutes = objective.goal().window().length().toMinutes();
    String unit = minutes % 1_440 == 0 ? "DAY" : minutes % 60 == 0 ? "HOUR" : "MINUTE";
    long duration = minutes / (unit.equals("DAY") ? 1_440 : unit.equals("HOUR") ? 60 : 1);
    members.put(
        "Goal",
        Shape.object(
            "Interval",
            Shape.object(
                "RollingInterval", Shape.object("Duration", duration, "DurationUnit", unit)),
            "AttainmentGoal",
            Shape.plain(
                java.math.BigDecimal.valueOf(objective.goal().target())
                    .movePointRight(2)
                    .doubleValue())));
    if (!burnMinutes.isEmpty()) {
      List<Json> windows = new ArrayList<>();
      burnMinutes.forEach(window -> windows.add(Shape.object("LookBackWindowMinutes", window)));
      members.put("BurnRateConfigurations", new Json.Arr(windows));
    }
    return Shape.object(
        "Type",
        "AWS::ApplicationSignals::ServiceLevelObjective",
        "Properties",
        new Json.Obj(members));
  }
}
