package dev.troth.slo.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake alone gives its finding alone, at its line. */
final class TemplateRulesTest {
  private static final String BURN = "IF(total > 0, (failed + swallowed) / total / 0.005)";
  private static final String OWN =
      "Namespace: Shop\n              MetricName: Swallowed\n            Period: 3600";

  private static List<Finding> lint(String yaml) {
    SloLint.Report report = SloLint.check(Map.of("t.yaml", yaml));
    assertThat(report.loaded().problems()).isEmpty();
    assertThat(report.templates()).containsExactly("t.yaml");
    assertThat(report.unchecked()).isEmpty();
    return report.findings();
  }

  @Test
  void aRightTemplateGivesNone() {
    assertThat(lint(RightTemplate.YAML)).isEmpty();
  }

  private static String dynamo(String metric, String dimensions) {
    return "Namespace: AWS/DynamoDB\n              MetricName: %s\n              Dimensions: [%s]\n            Period: 3600"
        .formatted(metric, dimensions);
  }

  private static String events(String metric, String dimensions) {
    return "Namespace: AWS/Events\n              MetricName: %s\n%s            Period: 3600"
        .formatted(metric, dimensions);
  }

  /** A metric's name is read while the rules run: a function without arguments once ended lint. */
  @Test
  void anEmptyFunctionInAnAlarmIsAFindingAndNoCrash() {
    for (String function : List.of("!Sub []", "!Join []", "!GetAtt []", "!If []", "!Ref ")) {
      String yaml =
          RightTemplate.with(
              "MetricName: Swallowed", "MetricName: {\"Fn::If\": [Loud, " + function + ", x]}");
      assertThat(SloLint.check(Map.of("t.yaml", yaml)).findings())
          .as(function)
          .extracting(Finding::rule)
          .contains("template/intrinsic");
    }
  }

  /** The metrics of the alarm on latency. */
  private static final String LATENCY =
      RightTemplate.YAML.substring(
          RightTemplate.YAML.indexOf("- Id: all"), RightTemplate.YAML.indexOf("  Page:"));

  /** The gateway's time and the function's. */
  private static String latencies(String stat, String expression) {
    return """
    - Id: one
              MetricStat:
                Metric: {Namespace: AWS/ApiGateway, MetricName: Latency, Dimensions: [{Name: ApiName, Value: !Ref Api}]}
                Period: 3600
                Stat: %s
              ReturnData: false
            - Id: other
              MetricStat:
                Metric: {Namespace: AWS/Lambda, MetricName: Duration, Dimensions: [{Name: FunctionName, Value: f}]}
                Period: 3600
                Stat: %s
              ReturnData: false
            - {Id: sum, Expression: "%s", ReturnData: true}
    """
        .formatted(stat, stat, expression);
  }

  private static String manyMetrics() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      many.append(
          "- {Id: m%d, MetricStat: {Metric: {Namespace: Shop, MetricName: M%d}, Period: 60, Stat: Sum}, ReturnData: false}\n        "
              .formatted(i, i));
    }
    return many + "- {Id: sum, Expression: SUM(METRICS()), ReturnData: true}\n";
  }

  /**
   * @param at a text that stands in the line of a finding
   */
  private static Arguments mistake(String from, String to, String at, String... rules) {
    return Arguments.of(from, to, at, List.of(rules));
  }

  static Stream<Arguments> mistakes() {
    String lambda =
        "Namespace: AWS/Lambda\n"
            + "              MetricName: Errors\n"
            + "              Dimensions: [{Name: FunctionName, Value: f}]\n"
            + "            Period: 3600";
    return Stream.of(
        // expressions
        mistake(BURN, "(failed + swallowed) / MAX([total], 1)", "Expression: ", "math/arity"),
        mistake(BURN, "(failed + swallowed) / MAX([total, 1])", "Expression: ", "math/type"),
        mistake(BURN, "IF(total > 0, (failed + swallow) / total)", "Expression: ", "math/id"),
        mistake(
            BURN, "IIF(total > 0, (failed + swallowed) / total)", "Expression: ", "math/function"),
        mistake(BURN, "(failed + swallowed) / total /", "Expression: ", "math/syntax"),
        mistake(BURN, "SORT([failed, swallowed], SUM, DESC)", "Expression: ", "math/result"),
        mistake(BURN, "(failed + swallowed) / SUM(total)", "Expression: ", "math/alarm"),
        mistake(BURN, "burn + (failed + swallowed) / total", "Expression: ", "math/id"),
        mistake(
            BURN,
            "(failed + swallowed) / total" + " * 1".repeat(600),
            "Expression: ",
            "math/length"),
        mistake(BURN, "(FILL(failed, 0) + swallowed) / total", "Expression: ", "composite/fill"),
        mistake(
            BURN, "(FILL(failed, REPEAT) + swallowed) / total", "Expression: ", "composite/fill"),
        mistake(
            BURN,
            "AVG((failed + swallowed) / total) * total",
            "Expression: ",
            "math/alarm",
            "composite/mean-of-ratios"),
        // metrics
        mistake(
            OWN,
            events("PutEventsFailedEntries", ""),
            "MetricName: ",
            "metric/absent",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            events("FailedInvocations", ""),
            "MetricName: ",
            "metric/wrong",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            events("PutEventsFailedEntriesCount", ""),
            "MetricName: ",
            "metric/wrong",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            events(
                "PutEventsFailedEntriesCount",
                "              Dimensions: [{Name: EventBusName, Value: orders}]\n"),
            "MetricName: ",
            "metric/wrong",
            "metric/dimensions",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            dynamo("UserErrors", "{Name: TableName, Value: orders}"),
            "MetricName: ",
            "metric/wrong",
            "metric/dimensions",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            dynamo("SystemErrors", "{Name: TableName, Value: orders}"),
            "MetricName: ",
            "metric/dimensions",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            dynamo(
                "SystemErrors",
                "{Name: TableName, Value: orders}, {Name: Operation, Value: PutItem}"),
            "Expression: ",
            "composite/added-failures",
            "composite/missing-step"),
        mistake(
            OWN,
            lambda,
            "Expression: ",
            "composite/added-failures",
            "composite/lambda-errors",
            "composite/missing-step",
            "composite/missing-step"),
        mistake(
            BURN,
            "IF(total > 0, failed / total / 0.005)",
            "Expression: ",
            "composite/http-success"),
        mistake(
            "Namespace: AWS/ApiGateway\n              MetricName: 5XXError",
            "Namespace: AWS/ApplicationELB\n              MetricName: HTTPCode_Target_2XX_Count",
            "HTTPCode",
            "composite/http-success"),
        mistake(BURN, "failed", "5XXError", "alarm/raw-errors"),
        // latency
        mistake("Stat: SampleCount", "Stat: Average", "Latency", "latency/average"),
        mistake(
            "Stat: SampleCount", "Stat: p90", "Latency", ""), // no sum of percentiles, odd as it is
        mistake(
            "IF(all > 0, (all - within) / all / 0.05)\", ReturnData: true}",
            "all + within\", ReturnData: true}",
            "all + within",
            ""),
        mistake(
            LATENCY,
            latencies("p95", "one + other"),
            "one + other",
            "latency/percentile-sum",
            "latency/counted-twice"),
        mistake(LATENCY, latencies("Sum", "SUM([one, other])"), "SUM(", "latency/counted-twice"),
        mistake(LATENCY, latencies("p95", "other * 1"), "MetricName: Duration", "latency/one-step"),
        mistake(LATENCY, manyMetrics(), "Slow:", "alarm/metrics"),
        // alarms
        mistake("      Threshold: 14.4\n", "", "Fast:", "alarm/required"),
        mistake("      ComparisonOperator: GreaterThanThreshold\n", "", "Fast:", "alarm/required"),
        mistake("      EvaluationPeriods: 1\n", "", "Fast:", "alarm/required"),
        mistake("GreaterThanThreshold", "Greater", "Greater", "alarm/value"),
        mistake("TreatMissingData: ignore", "TreatMissingData: ignored", "ignored", "alarm/value"),
        mistake("          ReturnData: false\n", "", "MetricName: Count", "alarm/return-data"),
        mistake("ReturnData: true", "ReturnData: false", "Fast:", "alarm/return-data"),
        mistake("EvaluationPeriods: 1", "EvaluationPeriods: 720", "Fast:", "alarm/window"),
        mistake("Period: 3600", "Period: 60", "Fast:", "alarm/period"),
        mistake("Id: failed", "Id: total", "5XXError", "alarm/id", "math/id"),
        mistake("    Type: AWS::CloudWatch::Alarm\n", "", "Fast:", "template/type"),
        // functions of the template language
        mistake(
            "!If [Loud, [!Ref Topic], !Ref \"AWS::NoValue\"]",
            "!If []",
            "AlarmActions",
            "template/intrinsic"),
        mistake(
            "!If [Loud, [!Ref Topic], !Ref \"AWS::NoValue\"]",
            "!If [Loud, x]",
            "AlarmActions",
            "template/intrinsic"),
        mistake(
            "[!Ref Topic], !Ref \"AWS::NoValue\"]",
            "[!Ref ], x]",
            "AlarmActions",
            "template/intrinsic"),
        mistake(
            "{Name: !Sub \"${AWS::StackName}-api\"}",
            "{Name: !GetAtt Orders}",
            "GetAtt",
            "template/intrinsic"),
        mistake(
            "{Name: !Sub \"${AWS::StackName}-api\"}",
            "{Name: !GetAtt [Orders]}",
            "GetAtt",
            "template/intrinsic"),
        mistake(
            "{Name: !Sub \"${AWS::StackName}-api\"}",
            "{Name: !Sub []}",
            "Sub",
            "template/intrinsic"),
        mistake("!Join [\"-\", [!Ref Stage, slow]]", "!Join [\"-\"]", "Join", "template/intrinsic"),
        mistake(
            "{Name: !Sub \"${AWS::StackName}-api\"}",
            "{Name: !Selct [0, [a]]}",
            "Selct",
            "template/intrinsic"),
        mistake(
            "{Name: !Sub \"${AWS::StackName}-api\"}",
            "{Name: {Fn::Sub: a, Ref: Api}}",
            "Fn::Sub",
            "template/intrinsic"),
        mistake(
            "!Not [!Equals [!Ref Topic, \"\"]]",
            "!Not [!Equals [!Ref Topic]]",
            "Loud",
            "template/intrinsic"),
        mistake(
            "AlarmActions: !If [Loud", "AlarmActions: !If [Quiet", "Quiet", "template/reference"),
        mistake(
            "      TreatMissingData: ignore",
            "      TreatMisingData: ignore",
            "TreatMis",
            "template/property"),
        // composite alarms
        mistake("OR NOT (OK(", "OR NOT OK(", "AlarmRule", "alarm/rule"),
        mistake("${Fast}", "${Faster}", "AlarmRule", "alarm/rule"),
        mistake("ALARM(", "AT_LEAST(1, ALARM, ", "AlarmRule", "template/unchecked"),
        mistake("    DependsOn: Slow\n", "", "AlarmRule", "alarm/order"),
        mistake(
            "      AlarmRule: !Sub 'ALARM(\"${Fast}\") OR NOT (OK(\"test-slow\") AND TRUE)'\n",
            "",
            "Page:",
            "alarm/required"),
        // charts
        mistake("\"period\": 3600", "\"period\": 60", "DashboardBody", "chart/retention"),
        mistake("{\"widgets\"", "{\"widget\"", "DashboardBody", "chart/body"),
        mistake("}}]}", "}}}", "DashboardBody", "chart/body"),
        mistake("100 * (1 - bad / total)", "100 * (1 - bad / totals)", "DashboardBody", "math/id"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void eachMistakeIsNamed(String from, String to, String at, List<String> rules) {
    String yaml = RightTemplate.with(from, to);
    List<Finding> findings = lint(yaml);
    List<String> expected = rules.stream().filter(rule -> !rule.isEmpty()).toList();
    assertThat(findings)
        .as(findings.toString())
        .extracting(Finding::rule)
        .containsExactlyInAnyOrderElementsOf(expected);
    List<String> lines = yaml.lines().toList();
    if (!findings.isEmpty()) {
      assertThat(findings)
          .as(findings.toString())
          .anyMatch(finding -> lines.get(finding.place().line() - 1).contains(at));
    }
  }
}
