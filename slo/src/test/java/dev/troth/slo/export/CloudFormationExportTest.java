package dev.troth.slo.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.export.CloudFormationExport.Exported;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.lint.SloLint;
import dev.troth.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CloudFormationExportTest {
  static final String ORDERS =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: orders, displayName: "Orders, ${all} of them"}
      spec:
        kind: exact
        steps:
          - name: gateway
            match: {service: api, kind: server}
            ignoreWhen: [{attribute: http.response.status_code, atLeast: 400, below: 500}]
          - {name: function, match: {service: handler}}
          - {name: table, match: {service: table}}
          - {name: bus, latency: excluded, match: {service: bus}}
        cloudWatch:
          gateway: {restApi: OrdersAPI}
          function: {function: OrdersHandler}
          table: {table: Orders, operation: PutItem}
          bus: {bus: orders}
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives:
          - {measure: availability, target: 0.995}
          - {measure: latency, threshold: 800ms, target: 0.95}
      """;

  private static Exported export(String yaml, boolean additive) throws RefusedException {
    Loaded loaded = ObjectiveFiles.read(Map.of("o.yaml", yaml));
    assertThat(loaded.problems()).as(yaml).isEmpty();
    return CloudFormationExport.of(loaded, Optional.empty(), additive);
  }

  private static Json resource(Json template, String name) {
    return dig(template, "Resources", name);
  }

  private static Json dig(Json value, String... names) {
    Json at = value;
    for (String name : names) {
      at = ((Json.Obj) at).get(name).orElseThrow(() -> new AssertionError(name + " in " + value));
    }
    return at;
  }

  private static Set<String> resources(Json template, String type) {
    Set<String> names = new TreeSet<>();
    ((Json.Obj) dig(template, "Resources"))
        .members()
        .forEach((name, resource) -> {
          if (dig(resource, "Type").equals(new Json.Str(type))) {
            names.add(name);
          }
        });
    return names;
  }

  @Test
  void pagesAndTicketsAreJoinedFromWindowsOfBurn() throws RefusedException {
    Json template = export(ORDERS, false).template();
    assertThat(dig(resource(template, "OrdersPage"), "Properties", "AlarmRule", "Fn::Sub"))
        .isEqualTo(
            new Json.Str(
                "(ALARM(\"${OrdersShort5mOver14p4}\") AND ALARM(\"${OrdersLong1hOver14p4}\"))"
                    + " OR (ALARM(\"${OrdersShort30mOver6}\") AND ALARM(\"${OrdersLong6hOver6}\"))"));
    assertThat(dig(resource(template, "OrdersTicket"), "Properties", "AlarmRule", "Fn::Sub"))
        .isEqualTo(
            new Json.Str(
                "(ALARM(\"${OrdersShort2hOver3}\") AND ALARM(\"${OrdersLong1dOver3}\"))"
                    + " OR (ALARM(\"${OrdersShort6hOver1}\") AND ALARM(\"${OrdersLong3dOver1}\"))"));
    assertThat(dig(resource(template, "OrdersTicket"), "Properties", "ActionsSuppressor", "Ref"))
        .isEqualTo(new Json.Str("OrdersPage"));
    Json hour = dig(resource(template, "OrdersLong1hOver14p4"), "Properties");
    assertThat(JsonWriter.compact(dig(hour, "Metrics")))
        .contains(
            "\"Expression\":\"requests - clientErrors\"",
            "\"Expression\":\"serverErrors + swallowed\"",
            "\"Expression\":\"IF(total > 0, IF(bad >= 3, bad / total / 0.005, 0))\"",
            "\"Period\":3600");
    assertThat(dig(hour, "Threshold")).isEqualTo(JsonReader.read("14.4"));
    assertThat(dig(hour, "TreatMissingData")).isEqualTo(new Json.Str("ignore"));
  }

  /** Metric math reaches a day. */
  @Test
  void longerWindowsAreBurnRatesOfTheObjective() throws RefusedException {
    Json template = export(ORDERS, false).template();
    Json days = resource(template, "OrdersLong3dOver1");
    assertThat(dig(days, "DependsOn")).isEqualTo(new Json.Str("OrdersObjective"));
    assertThat(JsonWriter.compact(dig(days, "Properties")))
        .contains("\"Name\":\"BurnRateWindowMinutes\",\"Value\":\"4320\"");
    Json objective = dig(resource(template, "OrdersObjective"), "Properties");
    assertThat(dig(objective, "BurnRateConfigurations"))
        .isEqualTo(JsonReader.read("[{\"LookBackWindowMinutes\": 4320}]"));
    assertThat(dig(objective, "Goal"))
        .isEqualTo(
            JsonReader.read(
                """
                {"Interval": {"RollingInterval": {"Duration": 30, "DurationUnit": "DAY"}},
                 "AttainmentGoal": 99.5}
                """));
  }

  @Test
  void latencyCountsRequestsWithinTheThreshold() throws RefusedException {
    Json template = export(ORDERS, false).template();
    String alarm = JsonWriter.compact(resource(template, "OrdersLatencyLong1hOver14p4"));
    assertThat(alarm)
        .contains("\"Stat\":\"TC(:800)\"", "\"Stat\":\"SampleCount\"", "total - within")
        .contains("Includes failed requests and the time of 'bus'");
  }

  @Test
  void lostTelemetryRaisesAnAlarmOfItsOwn() throws RefusedException {
    Json template = export(ORDERS, false).template();
    assertThat(dig(resource(template, "OrdersTelemetry"), "Properties", "AlarmRule", "Fn::Sub"))
        .isEqualTo(new Json.Str("ALARM(\"${OrdersNoData}\") OR ALARM(\"${OrdersUnseen}\")"));
    assertThat(dig(resource(template, "OrdersNoData"), "Properties", "TreatMissingData"))
        .isEqualTo(new Json.Str("breaching"));
  }

  private static List<String> titles(Json template) {
    Json body =
        dig(resource(template, "OrdersDashboard"), "Properties", "DashboardBody", "Fn::Sub");
    Json widgets = dig(JsonReader.read(((Json.Str) body).value()), "widgets");
    return ((Json.Arr) widgets)
        .items().stream()
            .map(widget -> ((Json.Str) dig(widget, "properties", "title")).value())
            .toList();
  }

  @Test
  void theDashboardHasSixWidgets() throws RefusedException {
    assertThat(titles(export(ORDERS, false).template()))
        .containsExactly(
            "Composite availability over 30d",
            "Budget remaining",
            "End-to-end p95 in milliseconds, publishing included",
            "API 5xx",
            "Lambda errors",
            "Failed event entries");
  }

  @Test
  void theAdditiveRecipeStandsBesideLabelled() throws RefusedException {
    String with = JsonWriter.compact(export(ORDERS, true).template());
    assertThat(with)
        .contains("additive: a failure counts once per step that saw it")
        .contains("(serverErrors + errors1 + tableErrors1 + failedEntries) / total");
    assertThat(JsonWriter.compact(export(ORDERS, false).template())).doesNotContain("additive");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "kind: exact ~ kind: interval ~ count attempts, which bound nothing",
        "kind: exact ~ 'groupBy: {attribute: tenant, alertOn: groups}' ~ groups by tenant alert, but CloudWatch counts all requests together",
        "kind: exact ~ kind: additive ~ an additive figure is no success rate",
        "{duration: 30d, isRolling: true} ~ {duration: 1M, isRolling: false} ~ the window is a calendar month",
        "gateway: {restApi: OrdersAPI} ~ gateway: {function: F} ~ the entry 'gateway' is no API of API Gateway",
        "attribute: http.response.status_code, atLeast: 400, below: 500 ~ attribute: user.role, is: test ~ only 400 to 499 can be left out",
        "objectives: ~ 'alerting: {binomial: 0.001}\n  objectives:' ~ a binomial test cannot be written in metric math",
        "- {measure: availability, target: 0.995} ~ '' ~ has no objective on availability",
      })
  void whatCloudWatchCannotKeepIsRefusedWithTheReason(String from, String to, String reason) {
    assertThat(ORDERS).contains(from);
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> export(ORDERS.replace(from, to), false));
    assertThat(refused).hasMessageContaining(reason);
  }

  @Test
  void groupsThatDoNotAlertAreLeftOutByName() throws RefusedException {
    String grouped = ORDERS.replace("kind: exact", "groupBy: {attribute: tenant}");
    assertThat(export(grouped, false).notes())
        .anyMatch(note -> note.contains("groups by tenant are not kept"));
  }

  @Test
  void everyReasonIsGivenAtOnce() {
    String wrong = ORDERS.replace("kind: exact", "kind: interval").replace("restApi", "function");
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> export(wrong, false));
    assertThat(refused.reasons()).hasSize(2);
  }

  @Test
  void theChainIsNamedWhereThereAreSeveral() {
    Loaded two =
        ObjectiveFiles.read(
            Map.of("a.yaml", ORDERS, "b.yaml", ORDERS.replace("name: orders", "name: others")));
    RefusedException several =
        catchThrowableOfType(
            RefusedException.class, () -> CloudFormationExport.of(two, Optional.empty(), false));
    assertThat(several).isNull(); // the same chain under two names is one chain
    Loaded without =
        ObjectiveFiles.read(
            Map.of("a.yaml", ORDERS.replaceAll("(?s)  cloudWatch:.*?(?=  timeWindow)", "")));
    assertThat(without.problems()).isEmpty();
    assertThat(
            catchThrowableOfType(
                RefusedException.class,
                () -> CloudFormationExport.of(without, Optional.empty(), false)))
        .hasMessageContaining("does not say where its steps run in AWS");
    assertThat(
            catchThrowableOfType(
                RefusedException.class,
                () -> CloudFormationExport.of(two, Optional.of("none"), false)))
        .hasMessageContaining("there is no objective 'none', expected one of");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "bus: {bus: orders} ~ '' ~ spec.cloudWatch has no 'bus'",
        "bus: {bus: orders} ~ bus: {queue: orders} ~ expected exactly one of restApi, httpApi",
        "table: {table: Orders, operation: PutItem} ~ table: {table: Orders} ~ has no 'operation'",
        "restApi: OrdersAPI ~ restApi: 'a\"b' ~ expected 1 to 255 letters",
        "bus: {bus: orders} ~ 'bus: {bus: orders}\n    rest: {bus: x}' ~ spec.cloudWatch.rest is not known here",
      })
  void wrongPlacesOfStepsAreNamed(String from, String to, String message) {
    assertThat(ORDERS).contains(from);
    assertThat(ObjectiveFiles.read(Map.of("o.yaml", ORDERS.replace(from, to))).problems())
        .singleElement()
        .matches(problem -> problem.message().contains(message));
  }

  @Test
  void exportsOfRandomChainsLintClean() {
    Property.of("exported templates give no finding")
        .runs(60, 3_000)
        .check(random -> {
          String yaml = chain(random);
          boolean additive = random.nextBoolean();
          Json template = export(yaml, additive).template();
          assertThat(export(yaml, additive).template()).isEqualTo(template);
          for (String file : List.of("t.yaml", "t.json")) {
            String text =
                file.endsWith("json") ? JsonWriter.pretty(template) : YamlWriter.write(template);
            SloLint.Report report = SloLint.check(Map.of(file, text));
            assertThat(report.templates()).containsExactly(file);
            assertThat(report.loaded().problems()).isEmpty();
            assertThat(report.findings()).as(yaml).isEmpty();
            assertThat(report.unchecked()).isEmpty();
          }
          referencesAreThere(template);
          for (String alarm : resources(template, "AWS::CloudWatch::Alarm")) {
            assertThat(JsonWriter.compact(template)).contains("${" + alarm + "}");
          }
        });
  }

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z0-9]+)}|\"Ref\":\"([A-Za-z0-9]+)\"");

  private static void referencesAreThere(Json template) {
    Set<String> there = new TreeSet<>(((Json.Obj) dig(template, "Resources")).members().keySet());
    Set<String> parameters = ((Json.Obj) dig(template, "Parameters")).members().keySet();
    there.addAll(parameters);
    Set<String> used = new TreeSet<>();
    // The objective's own words stand in plain texts, in which nothing is replaced.
    var matcher = REFERENCE.matcher(JsonWriter.compact(template).replace("a ${b}", ""));
    while (matcher.find()) {
      used.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    assertThat(there).containsAll(used);
    assertThat(used).containsAll(parameters);
  }

  private static String chain(RandomGenerator random) {
    StringBuilder steps = new StringBuilder();
    StringBuilder places = new StringBuilder();
    List<String> names = new ArrayList<>(List.of("gate way", "a", "A", "2nd", "name-api", "p/q"));
    for (int i = 0; i < random.nextInt(1, 7); i++) {
      String name = names.remove(random.nextInt(names.size()));
      String ignore =
          i == 0 && random.nextBoolean()
              ? ", ignoreWhen: [{attribute: http.response.status_code, atLeast: 400, below: 500}]"
              : "";
      steps.append(
          "    - {name: '%s', match: {service: s%d}%s%s}\n"
              .formatted(name, i, ignore, random.nextBoolean() ? ", latency: excluded" : ""));
      List<String> kinds =
          i == 0
              ? List.of("restApi: My API", "httpApi: a1b2")
              : List.of(
                  "function: f" + i,
                  "table: t, operation: PutItem",
                  "bus: b",
                  "unmeasured: it runs elsewhere");
      places.append("    '%s': {%s}\n".formatted(name, kinds.get(random.nextInt(kinds.size()))));
    }
    String[] windows = {"90m", "1h", "1d", "7d", "28d", "30d", "90d"};
    String window = windows[random.nextInt(windows.length)];
    boolean isShort = window.endsWith("m") || window.endsWith("h");
    String alerting =
        isShort || random.nextBoolean()
            ? "{conditions: [%s], minBadEvents: %d}"
                .formatted(conditions(random), random.nextInt(1, 30))
            : "{preset: %s, telemetryLostAfter: 90s}"
                .formatted(random.nextBoolean() ? "workbook" : "original");
    String latency =
        random.nextBoolean() ? "    - {measure: latency, threshold: 750ms, target: 0.9}\n" : "";
    return """
    apiVersion: troth.dev/v1
    kind: CompositeSLO
    metadata: {name: x.%d, displayName: "a ${b} \\"c\\""}
    spec:
      description: %s
      steps:
    %s  cloudWatch:
    %s  timeWindow: [{duration: %s, isRolling: true}]
      alerting: %s
      objectives:
        - {measure: availability, target: %s}
    %s\
    """
        .formatted(
            random.nextInt(100),
            "long ".repeat(random.nextInt(300)) + "end",
            steps,
            places,
            window,
            alerting,
            List.of("0.5", "0.9", "0.99", "0.9995", "0.99999").get(random.nextInt(5)),
            latency);
  }

  private static String conditions(RandomGenerator random) {
    List<String> conditions = new ArrayList<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int shorter = random.nextInt(1, 400);
      int longer = shorter + random.nextInt(0, 4_320 - shorter);
      conditions.add(
          "{severity: %s, short: %dm, long: %dm, above: %s}"
              .formatted(
                  random.nextBoolean() ? "page" : "ticket",
                  shorter,
                  longer,
                  random.nextInt(1, 200) / 10.0));
    }
    return String.join(", ", conditions);
  }
}
