package dev.troth.cli.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SloTemplateTest {
  private static final Path ORDERS =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private static final String FRAGMENT =
      """
      Shop:
        Type: AWS::CloudWatch::Alarm
        Properties:
          ComparisonOperator: LessThanThreshold
          Threshold: 0.995
          EvaluationPeriods: 1
          Metrics:
            - Id: all
              MetricStat:
                Metric: {Namespace: AWS/ApiGateway, MetricName: Count}
                Period: 60
                Stat: Sum
              ReturnData: false
            - Id: bad
              MetricStat:
                Metric: {Namespace: AWS/ApiGateway, MetricName: 5XXError}
                Period: 60
                Stat: Sum
              ReturnData: false
            - {Id: ok, Expression: "1 - bad / MAX([all], 1)", ReturnData: true}
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void lintNamesPlaceReasonAndCureInATemplate() throws IOException {
    Path template = file("shop.yaml", FRAGMENT);
    Ran ran = Ran.slo("lint", template);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .contains(
            template + ": a template",
            template + ":20:30: error: column 11 of the expression: MAX takes 1 argument, found 2",
            "[math/arity]",
            "    cure: to keep a total of 0 out of a division, write IF(total > 0, bad / total)",
            "1 checked, 1 error, 0 warnings");
    Path right =
        file(
            "right.yaml",
            FRAGMENT.replace("1 - bad / MAX([all], 1)", "IF(all > 0, 1 - bad / all)"));
    assertThat(Ran.slo("lint", right).exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "junit", "sarif", "github", "gitlab"})
  void machinesReadTheSame(String format) throws IOException {
    Path template = file("shop.yaml", FRAGMENT);
    Ran ran = Ran.slo("lint", template, "--format", format);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .contains("math/arity", "MAX takes 1 argument")
        .doesNotContain("a template");
  }

  @Test
  void plansOfTerraformRulesOfPrometheusAndTheCdksFolderAreKnown() throws IOException {
    file(
        "plan.json",
        """
        {"format_version":"1.2","planned_values":{"root_module":{"child_modules":[{"resources":[
          {"address":"module.a.aws_cloudwatch_metric_alarm.b","type":"aws_cloudwatch_metric_alarm",
           "values":{"alarm_name":"b","comparison_operator":"GreaterThanThreshold","threshold":1,
             "evaluation_periods":1,"datapoints_to_alarm":null,"metric_query":[],"period":60,
             "namespace":"AWS/Lambda","metric_name":"Errors","statistic":"Sum"}}]}]}}}
        """);
    file(
        "rules.yaml",
        "groups: [{name: g, rules: [{alert: A, expr: 'increase(errors_total[5m]) > 10'}]}]\n");
    file("manifest.json", "{\"version\":\"39.0.0\",\"artifacts\":{}}\n");
    Ran ran = Ran.slo("lint", folder);
    assertThat(ran.exitCode()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains(
            "plan.json: a template",
            "plan.json:5:45: warning: module.a.aws_cloudwatch_metric_alarm.b alarms on the bare"
                + " count",
            "rules.yaml: rules of Prometheus",
            "rules.yaml:1:45: warning: A alerts on a bare count of failures",
            "manifest.json:1:1: not checked: is a file of the CDK's assembly and holds no"
                + " resources",
            "3 checked, 0 errors, 2 warnings");
    Ran sarif = Ran.slo("lint", folder, "--format", "sarif");
    assertThat(sarif.out()).contains("plan.json", "rules.yaml", "alarm/raw-errors");
  }

  @Test
  void lintSaysWhenItKnowsNothingOfAFile() throws IOException {
    Ran ran = Ran.slo("lint", file("compose.yaml", "services: {web: {image: x}}\n"));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("compose.yaml:1:1: error: is nothing that lint knows");
    assertThat(Ran.slo("lint", folder).out()).contains("is nothing that lint knows");
    file("package.json", "{\"name\":\"x\"}");
    file("rules.yaml", "groups: [{name: g, rules: [{alert: A, expr: 'up == 0'}]}]\n");
    Ran all = Ran.slo("lint", folder);
    assertThat(all.exitCode()).as(all.out()).isZero();
    assertThat(all.out()).contains("2 files are none of these", "1 checked, 0 errors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders.yaml", "orders.json"})
  void theOrdersChainIsExportedAndLintsClean(String name) throws IOException {
    Path out = folder.resolve(name);
    Ran ran = Ran.slo("export", "cloudformation", ORDERS, "orders", "--file", out, "--additive");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("note: orders: resolveAfter 1m is not kept");
    Ran lint = Ran.slo("lint", out);
    assertThat(lint.exitCode()).as(lint.out()).isZero();
    assertThat(lint.out()).contains("1 checked, 0 errors, 0 warnings");
  }

  @Test
  void withoutAFileTheTemplateIsWrittenOutAlwaysTheSame() {
    Ran first = Ran.slo("export", "cloudformation", ORDERS, "orders-latency");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out())
        .startsWith("AWSTemplateFormatVersion: \"2010-09-09\"\n")
        .contains("OrdersPage:", "OrdersTicket:", "OrdersDashboard:");
    assertThat(Ran.slo("export", "cloudformation", ORDERS, "orders").out()).isEqualTo(first.out());
  }

  @Test
  void whatCannotBeExportedIsRefusedWithTheReason() throws IOException {
    Ran several = Ran.slo("export", "cloudformation", ORDERS);
    assertThat(several.exitCode()).isEqualTo(1);
    assertThat(several.out()).isEmpty();
    assertThat(several.err())
        .contains("not exported: the files hold 2 chains: name an objective of the one to export");
    Ran consumer = Ran.slo("export", "cloudformation", ORDERS, "orders-consumer");
    assertThat(consumer.exitCode()).isEqualTo(1);
    assertThat(consumer.err()).contains("does not say where its steps run in AWS");
    Ran wrong = Ran.slo("export", "cloudformation", file("no.yaml", "a: 1\n"));
    assertThat(wrong.exitCode()).isEqualTo(2);
    String text = Files.readString(ORDERS).replaceFirst("target: 0.99}", "target: 0.5}");
    Ran low = Ran.slo("export", "cloudformation", file("low.yaml", text), "orders");
    assertThat(low.err())
        .contains("note: objective 'orders': the page of 1m & 5m > 6 can never fire");
    Path nowhere = folder.resolve("none/out.yaml");
    Ran unwritten = Ran.slo("export", "cloudformation", ORDERS, "orders", "--file", nowhere);
    assertThat(unwritten.exitCode()).isEqualTo(2);
    assertThat(Ran.slo("export").exitCode()).isEqualTo(2);
  }

  @Test
  void prometheusGetsRulesWithTestsThatNameThem() throws IOException {
    Path rules = folder.resolve("out/rules.yaml");
    Files.createDirectories(rules.getParent());
    Path tests = folder.resolve("tests.yaml");
    Ran ran = Ran.slo("export", "prometheus", ORDERS, "orders", "-o", rules, "--tests", tests);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(Files.readString(rules)).contains("alert: OrdersPage", "keep_firing_for: 1m");
    assertThat(Files.readString(tests)).contains("out/rules.yaml", "exp_alerts");
    assertThat(Ran.slo("export", "prometheus", ORDERS, "--tests", tests).err())
        .contains("--tests needs --file");
    assertThat(Ran.slo("export", "prometheus", ORDERS, "none").err())
        .contains("not exported: there is no objective 'none', expected one of orders");
    Ran preset = Ran.slo("export", "prometheus", ORDERS, "--preset", "original");
    assertThat(preset.exitCode()).isEqualTo(2);
    assertThat(preset.err()).contains("--preset original: window is 1h, too short");
  }

  @Test
  void alertmanagerAndGrafanaGetTheirOwnFiles() {
    assertThat(Ran.slo("export", "alertmanager", ORDERS).out()).contains("inhibit_rules:");
    Ran grafana = Ran.slo("export", "grafana", ORDERS, "orders");
    assertThat(grafana.exitCode()).isZero();
    assertThat(grafana.out()).startsWith("{").contains("\"Budget remaining\"");
  }

  @Test
  void slothsFilesAreTakenOverAndWhatIsNotIsNamed() throws IOException {
    String events =
        "{name: %s, objective: 99, sli: {events: {error_query: 'sum(rate(e[{{.window}}]))',"
            + " total_query: 'sum(rate(t[{{.window}}]))'}}}";
    Path sloth =
        file(
            "sloth.yml",
            "version: prometheus/v1\nservice: shop\nslos:\n- %s\n- %s\n- {name: c, objective: 99, sli: {raw: {}}}\n"
                .formatted(events.formatted("a"), events.formatted("b")));
    Path out = folder.resolve("imported.yaml");
    Ran ran = Ran.slo("import", "sloth", sloth, "-o", out);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("not imported: " + sloth + ":6", "a ratio has no counts");
    assertThat(Ran.slo("export", "prometheus", out).out()).contains("ShopAPage", "ShopBTicket");
    assertThat(Ran.slo("import", "sloth", folder.resolve("none.yml")).exitCode()).isEqualTo(2);
  }
}
