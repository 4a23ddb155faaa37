package dev.troth.slo.cloudformation;

import dev.troth.json.file.NearestName;
import dev.troth.json.file.Section;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.TemplateFault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;

/** Names and values of properties that the service refuses (published resource schemas). */
public final class Properties {
  private static final String OBJECTIVE = "AWS::ApplicationSignals::ServiceLevelObjective";
  private static final Map<String, Set<String>> PROPERTIES =
      Map.of(
          "AWS::CloudWatch::Alarm",
          Set.of(
              "ActionsEnabled",
              "AlarmActions",
              "AlarmDescription",
              "AlarmName",
              "ComparisonOperator",
              "DatapointsToAlarm",
              "Dimensions",
              "EvaluateLowSampleCountPercentile",
              "EvaluationCriteria",
              "EvaluationInterval",
              "EvaluationPeriods",
              "ExtendedStatistic",
              "InsufficientDataActions",
              "MetricName",
              "Metrics",
              "Namespace",
              "OKActions",
              "Period",
              "Statistic",
              "Tags",
              "Threshold",
              "ThresholdMetricId",
              "TreatMissingData",
              "Unit"),
          "AWS::CloudWatch::CompositeAlarm",
          Set.of(
              "ActionsEnabled",
              "ActionsSuppressor",
              "ActionsSuppressorExtensionPeriod",
              "ActionsSuppressorWaitPeriod",
              "AlarmActions",
              "AlarmDescription",
              "AlarmName",
              "AlarmRule",
              "InsufficientDataActions",
              "OKActions",
              "Tags"),
          "AWS::CloudWatch::Dashboard",
          Set.of("DashboardBody", "DashboardName", "Tags"),
          OBJECTIVE,
          Set.of(
              "BurnRateConfigurations",
              "Description",
              "ExclusionWindows",
              "Goal",
              "Name",
              "RequestBasedSli",
              "Sli",
              "Tags"));
  private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
  private static final Pattern STATISTIC =
      Pattern.compile(
          "SampleCount|Average|Sum|Minimum|Maximum|IQM|(p|tm|wm|tc|ts)\\d{1,2}(\\.\\d{1,10})?|p100"
              + "|(TM|WM|TC|TS|PR)\\([^()]*:[^()]*\\)",
          Pattern.CASE_INSENSITIVE);

  private final Template template;
  private final List<TemplateFault> faults = new ArrayList<>();

  private Properties(Template template) {
    this.template = template;
  }

  /** All of them in one resource. */
  public static List<TemplateFault> check(Template template, Resource resource) {
    Properties properties = new Properties(template);
    properties.check(resource);
    return properties.faults;
  }

  private void check(Resource resource) {
    Set<String> known = resource.type().map(PROPERTIES::get).orElse(null);
    boolean whole = Values.member(resource.body(), "Properties").isPresent();
    if (known == null || !whole || !resource.properties().isMapping()) {
      return;
    }
    names(resource, known);
    if (resource.is("AWS::CloudWatch::Alarm")) {
      alarm(resource);
    } else if (resource.is(OBJECTIVE)) {
      objective(resource);
    }
  }

  private void error(Kind kind, Section at, String message) {
    faults.add(new TemplateFault(kind, at.place(), message, ""));
  }

  /** New properties come with time; a slip of the pen is near to one that is known. */
  private void names(Resource resource, Set<String> known) {
    for (String key : resource.properties().keys()) {
      if (!known.contains(key)) {
        NearestName.nearest(key, known, NearestName.allowance(key))
            .ifPresent(near ->
                faults.add(
                    new TemplateFault(
                        Kind.PROPERTY,
                        resource.properties().need(key).keyPlace(),
                        "%s has no property %s".formatted(resource.type().orElse(""), key),
                        "did you mean " + near + "?")));
      }
    }
  }

  private Optional<Section> member(Section around, String name) {
    return around.isMapping() ? Values.member(around, name) : Optional.empty();
  }

  private Optional<String> text(Section value) {
    return template.values().text(value).filter(text -> !Values.isOpen(text));
  }

  private void number(
      Optional<Section> value, Pattern form, DoublePredicate fits, String name, String expected) {
    value.ifPresent(section ->
        text(section)
            .filter(text -> !form.matcher(text).matches() || !fits.test(Double.parseDouble(text)))
            .ifPresent(text ->
                error(
                    Kind.VALUE,
                    section,
                    "%s is '%s', expected %s".formatted(name, text, expected))));
  }

  private void alarm(Resource resource) {
    Section properties = resource.properties();
    number(member(properties, "Threshold"), NUMBER, any -> true, "Threshold", "a number");
    number(
        member(properties, "EvaluationPeriods"),
        WHOLE,
        periods -> periods >= 1,
        "EvaluationPeriods",
        "a whole number, at least 1");
    Optional<String> periods =
        member(properties, "EvaluationPeriods")
            .flatMap(this::text)
            .filter(WHOLE.asMatchPredicate());
    double most = periods.map(Double::parseDouble).orElse(Double.MAX_VALUE);
    number(
        member(properties, "DatapointsToAlarm"),
        WHOLE,
        points -> points >= 1 && points <= most,
        "DatapointsToAlarm",
        "a whole number from 1 to EvaluationPeriods");
    member(properties, "Statistic").ifPresent(this::statistic);
    member(properties, "Metrics").filter(Section::isList).ifPresent(this::metrics);
  }

  private void metrics(Section list) {
    for (Section metric : list.list()) {
      member(metric, "MetricStat").flatMap(stat -> member(stat, "Stat")).ifPresent(this::statistic);
    }
  }

  private void statistic(Section value) {
    text(value)
        .filter(text -> !STATISTIC.matcher(text).matches())
        .ifPresent(text ->
            error(
                Kind.VALUE,
                value,
                "the statistic is '%s', expected one such as Sum, SampleCount, p95 or TC(:800)"
                    .formatted(text)));
  }

  private void objective(Resource resource) {
    Section properties = resource.properties();
    boolean requests = member(properties, "RequestBasedSli").isPresent();
    if (requests == member(properties, "Sli").isPresent()) {
      error(
          Kind.REQUIRED,
          properties,
          "%s has %s Sli and RequestBasedSli, expected one of them"
              .formatted(resource.name(), requests ? "both" : "neither"));
    }
    if (member(properties, "Name").isEmpty()) {
      error(Kind.REQUIRED, properties, resource.name() + " has no Name");
    }
    member(properties, "RequestBasedSli")
        .flatMap(sli -> member(sli, "RequestBasedSliMetric"))
        .ifPresent(this::requests);
    member(properties, "Goal").ifPresent(this::goal);
    member(properties, "BurnRateConfigurations")
        .filter(Section::isList)
        .ifPresent(windows ->
            windows
                .list()
                .forEach(window ->
                    number(
                        member(window, "LookBackWindowMinutes"),
                        WHOLE,
                        minutes -> minutes >= 1 && minutes <= 10_080,
                        "LookBackWindowMinutes",
                        "1 to 10080")));
  }

  private void requests(Section metric) {
    Optional<Section> monitored = member(metric, "MonitoredRequestCountMetric");
    monitored.ifPresent(parts -> {
      boolean good = member(parts, "GoodCountMetric").isPresent();
      if (good == member(parts, "BadCountMetric").isPresent()) {
        error(
            Kind.REQUIRED,
            parts,
            "MonitoredRequestCountMetric has %s GoodCountMetric and BadCountMetric, expected one"
                    .formatted(good ? "both" : "neither")
                + " of them");
      } else {
        member(parts, good ? "GoodCountMetric" : "BadCountMetric")
            .filter(Section::isList)
            .ifPresent(this::metrics);
      }
    });
    Optional<Section> total = member(metric, "TotalRequestCountMetric");
    total.filter(Section::isList).ifPresent(this::metrics);
    if (monitored.isPresent() && total.isEmpty()) {
      error(Kind.REQUIRED, metric, "RequestBasedSliMetric has no TotalRequestCountMetric");
    }
  }

  private void goal(Section goal) {
    number(
        member(goal, "AttainmentGoal"),
        NUMBER,
        percent -> percent > 0 && percent < 100,
        "AttainmentGoal",
        "per cent above 0 and below 100");
    Optional<Section> rolling =
        member(goal, "Interval").flatMap(interval -> member(interval, "RollingInterval"));
    rolling.ifPresent(interval -> {
      number(member(interval, "Duration"), WHOLE, length -> length >= 1, "Duration", "at least 1");
      member(interval, "DurationUnit")
          .ifPresent(unit ->
              text(unit)
                  .filter(text -> !Set.of("MINUTE", "HOUR", "DAY", "MONTH").contains(text))
                  .ifPresent(text ->
                      error(
                          Kind.VALUE,
                          unit,
                          "DurationUnit is '%s', expected MINUTE, HOUR, DAY or MONTH"
                              .formatted(text))));
    });
  }
}
