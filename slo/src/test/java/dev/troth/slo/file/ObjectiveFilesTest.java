package dev.troth.slo.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectiveFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));

  private static Loaded load(Path path) throws IOException {
    return ObjectiveFiles.read(Map.of(path.getFileName().toString(), Files.readString(path)));
  }

  @Test
  void theOrdersExampleIsRight() throws IOException {
    Loaded loaded = load(ROOT.resolve("examples/orders/slo.yaml"));
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.objectives())
        .extracting(Objective::name)
        .containsExactly("orders", "orders-latency", "orders-consumer");
    Objective orders = loaded.objectives().getFirst();
    assertThat(orders.steps()).containsExactly("gateway", "function", "table", "bus");
    assertThat(orders.kind()).isEqualTo(CountingMethod.EXACT);
  }

  @Test
  void openSloIsAcceptedAsItIs() throws IOException {
    Loaded loaded = load(Path.of("src/test/resources/files/openslo.yaml"));
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.objectives())
        .extracting(Objective::name)
        .containsExactly("web-1", "web-2", "elsewhere");
    Objective web = loaded.objectives().getFirst();
    assertThat(web.goal().target()).isEqualTo(0.999);
    assertThat(web.goal().window().text()).isEqualTo("calendar month");
    assertThat(((Window.Calendar) web.goal().window()).zone().getId()).isEqualTo("Europe/Berlin");
    assertThat(web.rules().alerts().conditions())
        .containsExactly(
            new Condition(Severity.PAGE, Duration.ofHours(1), Duration.ofHours(1), 10));
    assertThat(web.measure()).isInstanceOf(Measure.Counters.class);
    assertThat(loaded.objectives().getLast().measure())
        .isInstanceOfSatisfying(
            Measure.Unmeasured.class,
            unmeasured -> assertThat(unmeasured.reason()).contains("Prometheus counts it"));
  }

  /** Each line changes one line of a right file and names what the reader must say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          target: 0.995 | target: 99.5 | 11 | target is '99.5', expected above 0 and below 1
          target: 0.995 | target: much | 11 | target is 'much', expected a number
          kind: exact | kind: exakt | 5 | spec.kind is 'exakt', expected exact, disjoint
          duration: 30d | duration: 30x | 9 | duration is '30x', expected a length
          duration: 30d | duration: 400d | 9 | window is 400d, expected whole minutes
          kind: exact | knd: exact | 5 | spec.knd is not known here
          name: orders | name: Orders! | 3 | name is 'Orders!', expected 1 to 63
          kind: exact | groupBy: {attribute: tenant, limit: 0} | 5 | limit is 0, expected 1 to 1000 groups
          kind: exact | groupBy: {attribute: tenant, limit: 1001} | 5 | limit is 1001, expected 1 to 1000 groups
          kind: exact | groupBy: {attribute: " "} | 5 | attribute is empty, expected a name such as tenant
          kind: exact | groupBy: {limit: 5} | 5 | attribute
          kind: exact | groupBy: {attribute: tenant, alertOn: all} | 5 | expected one of total, groups
          kind: CompositeSLO | kind: SLO | 2 | kind is 'SLO', expected CompositeSLO
          {service: api} | {} | 7 | match is empty
          apiVersion: troth.dev/v1 | apiVersion: v9 | 1 | expected openslo/v1 or troth.dev/v1
          kind: exact | kind: [ | 7 | not YAML
          """)
  void aWrongFileIsToldByPlaceValueAndExpectation(
      String right, String wrong, int line, String message) {
    String file =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: orders}
        spec:
          kind: exact
          steps:
            - {name: api, match: {service: api}}
          timeWindow:
            - {duration: 30d}
          objectives:
            - {target: 0.995}
        """;
    assertThat(ObjectiveFiles.read(Map.of("a.yaml", file)).problems()).isEmpty();
    assertThat(file).contains(right);
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", file.replace(right, wrong)));
    assertThat(loaded.objectives()).isEmpty();
    assertThat(loaded.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).contains(message);
          assertThat(problem.line()).isEqualTo(line);
        });
  }

  private static final String OPEN =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: web}
      spec:
        service: web
        budgetingMethod: Occurrences
        indicator:
          spec:
            ratioMetric:
              good: {metricSource: {type: otlp, spec: {metric: g}}}
              total: {metricSource: {type: otlp, spec: {metric: t}}}
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives:
          - {target: 0.99}
        alertPolicies:
          - kind: AlertPolicy
            spec:
              alertWhenNoData: true
              conditions:
                - kind: AlertCondition
                  spec:
                    severity: page
                    condition: {kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1h}
      """;

  /** Each line says something that Troth would have to ignore. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          op: gt | op: lte | op is 'lte', expected gt
          lookbackWindow: 1h | lookbackWindow: 1h, alertAfter: 30m | alertAfter is '30m', expected 0m
          alertWhenNoData: true | alertWhenNoData: false | alertWhenNoData is 'false', expected true
          alertWhenNoData: true | alertWhenBreaching: false | alertWhenBreaching is 'false'
          alertWhenNoData: true | notificationTargets: [{targetRef: ann}] | expected no targets
          severity: page | severity: critical | severity is 'critical', expected one of page, ticket
          kind: burnrate | kind: average | kind is 'average', expected burnrate
          target: 0.99 | target: 0.99, timeSliceTarget: 0.95 | timeSliceTarget is '0.95', expected budgetingMethod
          target: 0.99 | target: 0.99, compositeWeight: 2 | compositeWeight is '2', expected no weight
          target: 0.99 | target: 0.99, op: lte | op is 'lte', expected none
          service: web | service: web, objektives: [] | not YAML
          budgetingMethod: Occurrences | budgetMethod: Occurrences | spec.budgetMethod is not known here
          """)
  void whatOpenSloSaysAndTrothWouldIgnoreIsRefused(String right, String wrong, String message) {
    assertThat(ObjectiveFiles.read(Map.of("a.yaml", OPEN)).problems()).isEmpty();
    assertThat(OPEN).contains(right);
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", OPEN.replace(right, wrong)));
    assertThat(loaded.objectives()).isEmpty();
    assertThat(loaded.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(message));
  }

  @Test
  void timeSlicesOfCountersAreCountedAndThoseOfPrometheusAreReplayed() {
    String slices =
        OPEN.replace("Occurrences", "Timeslices")
            .replace("target: 0.99", "target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 1m");
    Objective objective = ObjectiveFiles.read(Map.of("a.yaml", slices)).objectives().getFirst();
    assertThat(objective.measure()).isInstanceOf(Measure.Counters.class);
    assertThat(objective.goal().slices()).contains(new TimeSlices(Duration.ofMinutes(1), 0.95));
    Loaded over =
        ObjectiveFiles.read(
            Map.of(
                "a.yaml",
                slices
                    .replace(
                        "{type: otlp, spec: {metric: g}}", "{type: Prometheus, spec: {query: g}}")
                    .replace(
                        "{type: otlp, spec: {metric: t}}",
                        "{type: Prometheus, spec: {query: t}}")));
    Objective queried = over.objectives().getFirst();
    assertThat(queried.measure())
        .isInstanceOfSatisfying(
            Measure.Unmeasured.class,
            one -> assertThat(one.reason()).isEqualTo("Prometheus counts it: replay its history"));
    assertThat(over.replayable(queried).goal().slices()).isEqualTo(objective.goal().slices());
  }

  @Test
  void chainsHaveTimeSlicesTooButIntervalsHaveNone() {
    String goal =
        "{measure: availability, target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 5m}";
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", chain("exact", goal)));
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.objectives().getFirst().goal().slices())
        .contains(new TimeSlices(Duration.ofMinutes(5), 0.9));
    assertThat(ObjectiveFiles.read(Map.of("a.yaml", chain("interval", goal))).problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("expected kind exact or disjoint"));
    Loaded half =
        ObjectiveFiles.read(
            Map.of("a.yaml", chain("exact", "{target: 0.99, timeSliceWindow: 5m}")));
    assertThat(half.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("timeSliceTarget"));
    Loaded long1h = ObjectiveFiles.read(Map.of("a.yaml", chain("exact", goal.replace("5m", "1h"))));
    assertThat(long1h.warnings())
        .anySatisfy(warning ->
            assertThat(warning.message())
                .contains("can never fire: 1h holds 1 time slices of 1h, and minBadEvents is 3"));
  }

  private static String chain(String kind, String goal) {
    return """
    apiVersion: troth.dev/v1
    kind: CompositeSLO
    metadata: {name: orders}
    spec:
      kind: %s
      steps: [{name: api, match: {service: api}}]
      timeWindow: [{duration: 30d, isRolling: true}]
      objectives: [%s]
    """
        .formatted(kind, goal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timeSliceWindow: 90s | timeSliceWindow is 90s, expected whole minutes, 1m to 1d",
        "timeSliceWindow: 2d | timeSliceWindow is 2d, expected whole minutes, 1m to 1d",
        "timeSliceTarget: 1.5 | timeSliceTarget is 1.5, expected above 0 and at most 1",
        "op: lt | op is 'lt', expected gt or gte",
      })
  void wrongTimeSlicesAreRefused(String wrong, String message) {
    String goal =
        "target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 1m, "
                .replaceAll(wrong.startsWith("op") ? "^$" : wrong.split(":")[0] + ": [^,]*, ", "")
            + wrong;
    Loaded loaded =
        ObjectiveFiles.read(
            Map.of(
                "a.yaml", OPEN.replace("Occurrences", "Timeslices").replace("target: 0.99", goal)));
    assertThat(loaded.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(message));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 3", "0.9, 1", "0.995, 0"})
  void conditionsThatCanNeverFireAreWarnedOf(String target, int warnings) {
    String file =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: orders}
        spec:
          steps: [{name: api, match: {service: api}}]
          timeWindow: [{duration: 30d}]
          objectives: [{target: %s}]
        """
            .formatted(target);
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", file));
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).hasSize(warnings);
    if (warnings > 0) {
      assertThat(loaded.warnings().getFirst().message())
          .contains("the page of 5m & 1h > 14.4 can never fire");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{days: daily, start: '00:00', duration: 1d} | leaves no minute",
        "{days: mon-sun, start: '06:00', duration: 2d} | leaves no minute",
        "{cron: '0 0 31 2 *', duration: 1h} | 'm' never comes",
        "{cron: '0 0 29 2 *', duration: 1h} | -",
        "{days: daily, start: '00:00', duration: 23h} | -"
      })
  void maintenanceThatNeverComesOrNeverEndsIsWarnedOf(String schedule, String warning) {
    String file =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: orders}
        spec:
          steps: [{name: api, match: {service: api}}]
          timeWindow: [{duration: 30d}]
          objectives: [{target: 0.995}]
          maintenance: [%s]
        """
            .formatted(schedule.replaceFirst("\\{", "{name: m, reason: r, timeZone: UTC, "));
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", file));
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).hasSize(warning.equals("-") ? 0 : 1);
    loaded.warnings().forEach(one -> assertThat(one.message()).contains(warning));
  }

  @Test
  void aFileWithoutAnyDocumentIsAProblem() {
    assertThat(ObjectiveFiles.read(Map.of("a.yaml", "# nothing yet")).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("has no document"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sampling: none         | 1
          sampling: weighted     | 1
          sampling: {ratio: 0.1} | 0.1
          """)
  void aSamplingRatioCanBeDeclared(String sampling, double ratio) {
    String file =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: orders}
        spec:
          %s
          steps: [{name: api, match: {service: api}}]
          timeWindow: [{duration: 30d}]
          objectives: [{target: 0.99}]
        """;
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", file.formatted(sampling)));
    assertThat(loaded.objectives().getFirst().chain().orElseThrow().sampling().ratio())
        .isEqualTo(ratio);
    assertThat(ObjectiveFiles.read(Map.of("a.yaml", file.formatted("sampling: {ratio: 2}"))))
        .satisfies(wrong ->
            assertThat(wrong.problems().getFirst().message())
                .contains("ratio is '2', expected above 0 and at most 1"));
  }

  @Test
  void theSameNameTwiceIsAProblemAndTheFirstStays() throws IOException {
    String text = Files.readString(ROOT.resolve("examples/orders/slo.yaml"));
    Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", text + "\n---\n" + text));
    assertThat(loaded.objectives()).hasSize(3);
    assertThat(loaded.problems()).hasSize(2).allMatch(p -> p.message().contains("already defined"));
  }
}
