package dev.troth.slo.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SloLintTest {
  private static SloLint.Report lint(String name, String text) {
    return SloLint.check(Map.of(name, text));
  }

  /** A gateway, a function and the deliveries of a bus, added: each mistake of the usual recipe. */
  private static final String FRAGMENT =
      """
      ShopAvailability:
        Type: AWS::CloudWatch::Alarm
        Properties:
          Metrics:
            - Id: all
              MetricStat:
                Metric:
                  Namespace: AWS/ApiGateway
                  MetricName: Count
                  Dimensions: [{Name: ApiName, Value: Shop}]
                Period: 60
                Stat: Sum
            - Id: api
              MetricStat:
                Metric:
                  Namespace: AWS/ApiGateway
                  MetricName: 5XXError
                  Dimensions: [{Name: ApiName, Value: Shop}]
                Period: 60
                Stat: Sum
            - Id: bus
              MetricStat:
                Metric: {Namespace: AWS/Events, MetricName: PutEventsFailedEntries}
                Period: 60
                Stat: Sum
            - Id: ok
              Expression: "1 - (FILL(api, 0) + FILL(bus, 0)) / MAX([all], 1)"
              ReturnData: true
      """;

  @Test
  void aBareMapOfResourcesIsCheckedAsItIs() {
    SloLint.Report report = lint("fragment.yaml", FRAGMENT);
    assertThat(report.templates()).containsExactly("fragment.yaml");
    assertThat(report.findings())
        .extracting(finding -> finding.place().line() + " " + finding.rule())
        .containsExactly(
            "1 alarm/required",
            "1 alarm/required",
            "1 alarm/required",
            "9 alarm/return-data",
            "17 alarm/return-data",
            "23 alarm/return-data",
            "23 metric/absent",
            "27 math/arity",
            "27 composite/added-failures",
            "27 composite/fill",
            "27 composite/missing-step");
    assertThat(report.findings()).allMatch(finding -> !finding.cure().isEmpty());
  }

  /** What one file leaves out, another may show; the names of an API tell that it is one chain. */
  @Test
  void filesAreCheckedTogether() {
    String latency =
        """
        ShopLatency:
          Metrics:
            - Id: api
              MetricStat:
                Metric: {Namespace: AWS/ApiGateway, MetricName: Latency, Dimensions: [{Name: ApiName, Value: Shop}]}
                Stat: p95
            - Id: table
              MetricStat:
                Metric: {Namespace: AWS/DynamoDB, MetricName: SuccessfulRequestLatency, Dimensions: [{Name: TableName, Value: Orders}]}
                Stat: p95
            - {Id: sum, Expression: api + table, ReturnData: true}
        """;
    Map<String, String> files = new LinkedHashMap<>();
    files.put("availability.yaml", FRAGMENT);
    files.put("latency.yaml", latency);
    assertThat(SloLint.check(files).findings())
        .filteredOn(finding -> finding.place().file().equals("latency.yaml"))
        .extracting(finding -> finding.place().line() + " " + finding.rule())
        .containsExactly(
            "1 template/type",
            "5 alarm/return-data",
            "9 alarm/return-data",
            "9 metric/dimensions",
            "11 latency/percentile-sum",
            "11 latency/counted-twice");
    assertThat(SloLint.check(files).findings())
        .filteredOn(finding -> finding.rule().equals("composite/missing-step"))
        .singleElement()
        .matches(Finding::error)
        .matches(finding -> finding.message().contains("latency.yaml:9"));
    files.put("latency.yaml", latency.replace("Value: Shop", "Value: Other"));
    assertThat(SloLint.check(files).findings())
        .filteredOn(finding -> finding.rule().equals("composite/missing-step"))
        .singleElement()
        .matches(finding -> !finding.error());
  }

  /** The objective of the chain says it as well. */
  @Test
  void anObjectiveShowsWhichStepsATemplateLeavesOut() {
    String objective =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: shop}
        spec:
          steps:
            - {name: gateway, match: {service: a}}
            - {name: table, match: {service: b}}
          cloudWatch:
            gateway: {restApi: Shop}
            table: {table: Orders, operation: PutItem}
          timeWindow: [{duration: 30d, isRolling: true}]
          objectives: [{target: 0.99}]
        """;
    Map<String, String> files = new LinkedHashMap<>();
    files.put("slo.yaml", objective);
    files.put("availability.yaml", FRAGMENT);
    assertThat(SloLint.check(files).findings())
        .filteredOn(finding -> finding.rule().equals("composite/missing-step"))
        .singleElement()
        .matches(Finding::error)
        .matches(finding -> finding.message().contains("shop has the step 'table' (slo.yaml:1:1)"));
  }

  @Test
  void jsonIsCheckedLikeYaml() {
    byte[] yaml =
        RightTemplate.with("EvaluationPeriods: 1", "EvaluationPeriods: 720")
            .getBytes(StandardCharsets.UTF_8);
    SourceFile read =
        SourceFile.documents("t.yaml", yaml, YamlLimits.DEFAULT, TemplateLint.SHORT_FORMS)
            .read()
            .getFirst();
    String json = JsonWriter.pretty(read.json());
    assertThat(json).contains("\"Ref\": \"Api\"", "\"Fn::Sub\":", "\"Fn::If\":");
    SloLint.Report report = lint("t.json", json);
    assertThat(report.findings()).singleElement().matches(f -> f.rule().equals("alarm/window"));
    int line = report.findings().getFirst().place().line();
    assertThat(json.lines().toList().get(line - 1)).contains("\"Fast\"");
  }

  @Test
  void whatOnlyTheDeploymentKnowsIsSaidToBeUnchecked() {
    String imported =
        RightTemplate.with(
            "IF(total > 0, (failed + swallowed) / total / 0.005)", "!ImportValue burn-formula");
    SloLint.Report report = lint("t.yaml", imported);
    assertThat(report.findings()).isEmpty();
    assertThat(report.unchecked())
        .singleElement()
        .matches(open -> open.message().contains("'burn'"));
  }

  /** Troth's own files may say it, too. */
  @Test
  void anAdditiveObjectiveIsNamedForWhatItIs() {
    String objective =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: shop}
        spec:
          kind: %s
          steps:
            - {name: gateway, match: {service: a}}
            - {name: table, match: {service: b}}
          timeWindow: [{duration: 30d, isRolling: true}]
          objectives: [{target: 0.99}]
        """;
    assertThat(lint("slo.yaml", objective.formatted("additive")).findings())
        .extracting(finding -> finding.rule() + " " + finding.error())
        .containsExactly("composite/added-failures false");
    assertThat(lint("slo.yaml", objective.formatted("exact")).findings()).isEmpty();
  }

  @Test
  void parametersCountAsTheirDefaults() {
    String parameter =
        RightTemplate.with(
            "Expression: IF(total > 0, (failed + swallowed) / total / 0.005)",
            "Expression: !Sub IF(total > 0, (failed + swallowed) / ${Stage})");
    assertThat(lint("t.yaml", parameter).findings())
        .singleElement()
        .matches(finding -> finding.message().contains("has the id 'test'"));
  }

  @Test
  void filesAreKnownByTheirContent() {
    SloLint.Report nothing = lint("compose.yaml", "services:\n  web: {image: x}\n");
    assertThat(nothing.loaded().problems())
        .singleElement()
        .matches(
            problem -> problem.message().startsWith("is nothing that lint knows: no objective"));
    assertThat(nothing.templates()).isEmpty();
    SloLint.Report objective = lint("o.yaml", "apiVersion: troth.dev/v1\nkind: CompositeSLO\n");
    assertThat(objective.loaded().problems())
        .singleElement()
        .matches(problem -> problem.message().contains("has no 'metadata'"));
    SloLint.Report empty = lint("e.yaml", "");
    assertThat(empty.loaded().problems())
        .singleElement()
        .matches(problem -> problem.message().contains("has no document"));
    SloLint.Report broken = lint("b.yaml", RightTemplate.YAML + "  - [\n");
    assertThat(broken.loaded().problems()).isNotEmpty();
    SloLint.Report both = lint("two.yaml", RightTemplate.YAML + "---\nname: x\n");
    assertThat(both.templates()).containsExactly("two.yaml");
    assertThat(both.loaded().problems()).hasSize(1);
  }

  /** The band has two lines, and both the band and the metric return data. */
  @Test
  void anAlarmOnAnAnomalyIsRight() {
    String anomaly =
        """
        Resources:
          Odd:
            Type: AWS::CloudWatch::Alarm
            Properties:
              ComparisonOperator: GreaterThanUpperThreshold
              ThresholdMetricId: band
              EvaluationPeriods: 2
              Metrics:
                - Id: m1
                  MetricStat: {Metric: {Namespace: Shop, MetricName: Carts}, Period: 60, Stat: Sum}
                  ReturnData: true
                - {Id: band, Expression: "ANOMALY_DETECTION_BAND(m1, 2)", ReturnData: true}
          Part:
            Type: !Some::Module ./part.yaml
            Properties: {Name: x}
        """;
    assertThat(lint("t.yaml", anomaly).findings()).isEmpty();
    assertThat(
            lint("t.yaml", anomaly.replace("ThresholdMetricId: band", "Threshold: 1")).findings())
        .extracting(Finding::rule)
        .contains("math/result", "alarm/return-data");
  }

  @Test
  void manyMetricsAndTheTimeOfOneStepAreNamed() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      many.append(
          "          - {Id: m%d, MetricStat: {Metric: {Namespace: Shop, MetricName: M%d}, Period: 60, Stat: Sum}, ReturnData: false}\n"
              .formatted(i, i));
    }
    String template =
        """
        Resources:
          Step:
            Type: AWS::CloudWatch::Alarm
            Properties:
              {ComparisonOperator: GreaterThanThreshold, Threshold: 900, EvaluationPeriods: 3, Period: 60,
               Namespace: AWS/Lambda, MetricName: Duration, ExtendedStatistic: p99}
          Many:
            Type: AWS::CloudWatch::Alarm
            Properties:
              ComparisonOperator: GreaterThanThreshold
              Threshold: 1
              EvaluationPeriods: 1
              Metrics:
        %s          - {Id: all, Expression: "SUM(METRICS())", ReturnData: true}
        """
            .formatted(many);
    assertThat(lint("t.yaml", template).findings())
        .extracting(finding -> finding.rule() + " " + finding.error())
        .containsExactly("latency/one-step false", "alarm/metrics true");
  }

  /** The recipe as it was published, where its files are at hand. */
  @Test
  void thePublishedRecipeIsFoundOutWhole() throws IOException {
    String suites = Optional.ofNullable(System.getenv("TROTH_SUITES")).orElse("");
    Path folder = Path.of(suites, "..", "original", "slo");
    assumeTrue(
        Files.isDirectory(folder),
        "the published templates are not there: set TROTH_SUITES to a folder beside them");
    Map<String, String> files = new LinkedHashMap<>();
    for (String name : new String[] {"availability.yaml", "latency.yaml"}) {
      files.put(name, Files.readString(folder.resolve(name)));
    }
    assertThat(SloLint.check(files).findings())
        .extracting(finding -> finding.place().file() + " " + finding.rule())
        .contains(
            "availability.yaml math/arity",
            "availability.yaml metric/wrong",
            "availability.yaml composite/fill",
            "availability.yaml composite/missing-step",
            "availability.yaml composite/added-failures",
            "availability.yaml composite/lambda-errors",
            "availability.yaml alarm/return-data",
            "availability.yaml alarm/required",
            "latency.yaml latency/percentile-sum",
            "latency.yaml latency/counted-twice",
            "latency.yaml template/type",
            "latency.yaml metric/dimensions");
    for (var file : files.entrySet()) {
      assertThat(lint(file.getKey(), file.getValue()).findings()).anyMatch(Finding::error);
    }
  }
}
