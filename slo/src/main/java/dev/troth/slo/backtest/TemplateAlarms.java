package dev.troth.slo.backtest;

import dev.troth.json.JsonWriter;
import dev.troth.json.file.Section;
import dev.troth.slo.alarm.AlarmCondition;
import dev.troth.slo.alarm.Comparison;
import dev.troth.slo.alarm.CompositeRule;
import dev.troth.slo.alarm.MissingData;
import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Values;
import dev.troth.slo.cloudformation.Watched;
import dev.troth.slo.cloudformation.WatchedReader;
import dev.troth.slo.math.MathProblem;
import dev.troth.slo.objective.Severity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the alarms of a template. */
final class TemplateAlarms {
  private static final String COMPOSITE = "AWS::CloudWatch::CompositeAlarm";

  private final Template template;
  private final Values values;
  private final boolean anyActions;
  private final Set<String> used = new LinkedHashSet<>();

  private TemplateAlarms(Template template) {
    this.template = template;
    this.values = template.values();
    this.anyActions = template.resources().values().stream().anyMatch(TemplateAlarms::acts);
    for (Resource resource : template.resources().values()) {
      if (resource.is(COMPOSITE)) {
        rule(resource).ifPresent(read -> used.addAll(read.alarms()));
      }
    }
  }

  static List<TemplateAlarm> of(Template template) {
    TemplateAlarms reader = new TemplateAlarms(template);
    List<TemplateAlarm> alarms = new ArrayList<>();
    for (Resource resource : template.resources().values()) {
      if (resource.is(WatchedReader.ALARM)) {
        alarms.add(reader.ofMetrics(resource));
      } else if (resource.is(COMPOSITE)) {
        alarms.add(reader.ofAlarms(resource));
      }
    }
    return alarms;
  }

  private static boolean acts(Resource resource) {
    return (resource.is(WatchedReader.ALARM) || resource.is(COMPOSITE))
        && Values.member(resource.properties(), "AlarmActions").isPresent();
  }

  private Set<String> names(Resource resource) {
    Set<String> names = new LinkedHashSet<>();
    names.add("${" + resource.name() + "}");
    names.add("${" + resource.name() + ".Arn}");
    values.text(resource.properties(), "AlarmName").ifPresent(names::add);
    return names;
  }

  /** Whoever has actions tells; in a template without any, whoever no other alarm uses. */
  private Optional<Severity> tells(Resource resource) {
    boolean enabled =
        values.text(resource.properties(), "ActionsEnabled").filter("false"::equals).isEmpty();
    boolean tells =
        enabled
            && (anyActions ? acts(resource) : names(resource).stream().noneMatch(used::contains));
    if (!tells) {
      return Optional.empty();
    }
    String said =
        resource.name()
            + Values.member(resource.properties(), "AlarmActions")
                .map(actions -> JsonWriter.compact(actions.value()))
                .orElse("");
    return Optional.of(
        said.toLowerCase(Locale.ROOT).contains("ticket") ? Severity.TICKET : Severity.PAGE);
  }

  private TemplateAlarm ofMetrics(Resource resource) {
    Section properties = resource.properties();
    Watched watched = new WatchedReader(values).read(resource).getFirst();
    Formulas formulas = Formulas.of(watched);
    AlarmFigure figure = AlarmFigure.of(watched, formulas);
    Optional<String> wrong =
        formulas.problems().values().stream()
            .flatMap(List::stream)
            .filter(problem -> problem.kind() != MathProblem.Kind.ALARM)
            .findFirst()
            .map(problem -> "it cannot be created: " + problem.message())
            .or(() -> lacks(properties))
            .or(() ->
                figure.period() == 0
                    ? Optional.of("it cannot be created: no metric has a Period")
                    : Optional.empty());
    return new TemplateAlarm.OfMetrics(
        resource.name(),
        names(resource),
        tells(resource),
        condition(properties, figure),
        Optional.of(figure),
        wrong);
  }

  private static Optional<String> lacks(Section properties) {
    for (String name : List.of("Threshold", "ComparisonOperator", "EvaluationPeriods")) {
      boolean band =
          name.equals("Threshold") && Values.member(properties, "ThresholdMetricId").isPresent();
      if (Values.member(properties, name).isEmpty() && !band) {
        return Optional.of("it cannot be created: it has no " + name);
      }
    }
    return Optional.empty();
  }

  /** Nothing if only the deployment or the service knows a part of it. */
  private Optional<AlarmCondition> condition(Section properties, AlarmFigure figure) {
    Optional<Comparison> comparison =
        values.text(properties, "ComparisonOperator").flatMap(Comparison::of);
    Optional<Double> threshold =
        values.text(properties, "Threshold").flatMap(TemplateAlarms::number);
    Optional<Integer> periods = values.whole(properties, "EvaluationPeriods");
    if (comparison.isEmpty() || threshold.isEmpty() || periods.isEmpty()) {
      return Optional.empty();
    }
    MissingData missing =
        figure.isDynamoMetric()
            ? MissingData.IGNORE
            : values
                .text(properties, "TreatMissingData")
                .flatMap(MissingData::of)
                .orElse(MissingData.MISSING);
    int needed = values.whole(properties, "DatapointsToAlarm").orElse(periods.get());
    if (needed < 1 || needed > periods.get()) {
      return Optional.empty();
    }
    return Optional.of(
        new AlarmCondition(comparison.get(), threshold.get(), periods.get(), needed, missing));
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private Optional<CompositeRule.Read> rule(Resource resource) {
    return values.text(resource.properties(), "AlarmRule").map(CompositeRule::read);
  }

  private TemplateAlarm ofAlarms(Resource resource) {
    Optional<CompositeRule.Read> read = rule(resource);
    Optional<String> wrong =
        read.isEmpty()
            ? Optional.of("its AlarmRule is known at deployment only")
            : read.get().wrong().map(why -> "its AlarmRule is no rule: " + why);
    return new TemplateAlarm.OfAlarms(
        resource.name(),
        names(resource),
        tells(resource),
        read.flatMap(CompositeRule.Read::rule),
        values.text(resource.properties(), "ActionsSuppressor"),
        wrong);
  }
}
