package dev.troth.slo.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.file.SlothImport;
import dev.troth.slo.objective.AlertPolicy.Preset;
import dev.troth.slo.objective.Objective;
import dev.troth.testkit.Property;
import dev.troth.testkit.Size;
import dev.troth.testkit.Suites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrometheusExportTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private static final String SHOP =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: shop.orders, displayName: "Orders: all of them"}
      spec:
        kind: disjoint
        counters:
          total: {metric: requests}
          failed: [{name: api, metric: failures}]
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives: [{measure: availability, target: 0.98}]
        alerting: {resolveAfter: 7m, telemetryLostAfter: 2h}
      """;

  private static final String QUERIES =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: pages}
      spec:
        budgetingMethod: Occurrences
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives: [{target: 0.999}]
        indicator:
          metadata: {name: pages}
          spec:
            ratioMetric:
              bad:
                metricSource:
                  type: Prometheus
                  spec: {query: 'sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))'}
              total:
                metricSource:
                  type: Prometheus
                  spec: {query: 'sum(rate(http_requests_total[{{.window}}]))'}
      """;

  @TempDir Path folder;

  private static Loaded loaded(String yaml) {
    Loaded loaded = ObjectiveFiles.read(Map.of("o.yaml", yaml));
    assertThat(loaded.problems()).as(yaml).isEmpty();
    return loaded;
  }

  private void write(String name, Json document) throws Exception {
    Files.writeString(folder.resolve(name), YamlWriter.write(document));
  }

  private void passes(String program, String... arguments) throws Exception {
    Promtool ran = Promtool.run(folder, program, arguments);
    assertThat(ran.exit()).as(ran.said()).isZero();
  }

  @Test
  void theExamplesRulesPassPromtoolAndTheirOwnTests() throws Exception {
    Loaded example = loaded(Files.readString(EXAMPLE));
    write("rules.yaml", PrometheusExport.of(example, Optional.empty()).document());
    write("tests.yaml", PrometheusExport.tests(example, Optional.empty(), "rules.yaml").document());
    passes("promtool", "check", "rules", "rules.yaml");
    passes("promtool", "test", "rules", "tests.yaml");
    assertThat(Files.readString(folder.resolve("tests.yaml")))
        .contains("OrdersPage", "OrdersLatencyPage", "OrdersConsumerTicket");
  }

  @Test
  void rulesThatPageTooLateFailTheGeneratedTests() throws Exception {
    Loaded example = loaded(Files.readString(EXAMPLE));
    write("rules.yaml", PrometheusExport.of(example, Optional.of("orders")).document());
    write(
        "tests.yaml",
        PrometheusExport.tests(example, Optional.of("orders"), "rules.yaml").document());
    Path rules = folder.resolve("rules.yaml");
    Files.writeString(rules, Files.readString(rules).replace("> 6 *", "> 60 *"));
    assertThat(Promtool.run(folder, "promtool", "test", "rules", "tests.yaml").exit()).isNotZero();
  }

  /** Random traffic, outages of any depth, stretches without a request. */
  private static List<Minute> history(RandomGenerator random, int days) {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    List<Minute> minutes = new ArrayList<>();
    while (minutes.size() < days * 1_440) {
      boolean quiet = random.nextInt(3) > 0;
      int length = 1 + random.nextInt(quiet ? 400 : 60);
      int traffic = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(200);
      double failing = quiet ? 0 : random.nextDouble();
      for (int i = 0; i < length; i++) {
        long total = traffic == 0 ? 0 : random.nextInt(2 * traffic);
        long bad = 0;
        for (long n = 0; n < total; n++) {
          bad += random.nextDouble() < failing ? 1 : 0;
        }
        minutes.add(new Minute(start.plusSeconds(60L * minutes.size()), total, bad));
      }
    }
    return minutes;
  }

  /** Prometheus's own evaluation, in the minutes before and of each change. */
  @Test
  void alertsFireAndEndInTheMinuteOfTheEngine() throws Exception {
    Property.of("Prometheus pages as the engine")
        .runs(1, 1)
        .check(random -> {
          // A tenth of a month: windows are scaled, the rules are the same.
          Loaded shop = loaded(SHOP.replace("duration: 30d", "duration: 3d"));
          Objective objective = shop.objectives().getFirst();
          List<Minute> minutes;
          do {
            minutes = history(random, Size.count(2, 30));
          } while (Backtest.run(objective, minutes).alerts().size() < Size.count(4, 20));
          BurnRules rules =
              new BurnRules(objective, EventSource.of(objective, shop), new LogicalNames());
          write("rules.yaml", PrometheusExport.of(shop, Optional.empty()).document());
          write(
              "tests.yaml",
              PromtoolTest.file("rules.yaml", List.of(PromtoolTest.of(objective, rules, minutes))));
          passes("promtool", "test", "rules", "tests.yaml");
        });
  }

  @Test
  void queriesOfAnOpenSloFileBecomeRulesOverEachWindow() throws Exception {
    Loaded pages = loaded(QUERIES);
    PrometheusExport.Exported rules = PrometheusExport.of(pages, Optional.empty());
    write("rules.yaml", rules.document());
    passes("promtool", "check", "rules", "rules.yaml");
    assertThat(JsonWriter.compact(rules.document()))
        .contains(
            "sum(sum(rate(http_requests_total{code=~\\\"5..\\\"}[5m]))) * 300 or 0 *",
            "objective:troth_budget_remaining:ratio",
            "sum_over_time(objective:troth_bad_events:increase1h{objective=\\\"pages\\\"}[30d:1h])",
            "> 14.4 * 0.001");
    assertThat(rules.notes())
        .containsExactly(
            "pages: a page ends 5m after its last condition, whichever fired; give resolveAfter",
            "pages: a ticket ends 2h after its last condition, whichever fired; give resolveAfter");
    assertThatThrownBy(() -> PrometheusExport.tests(pages, Optional.empty(), "rules.yaml"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused ->
                assertThat(refused.reasons())
                    .containsExactly(
                        "pages: no tests: its queries read series that only your system knows"));
  }

  @Test
  void whatIsImportedFromSlothBecomesRulesToo() throws Exception {
    Path sloth = Suites.require("sloth").resolve("examples/home-wifi.yml");
    String imported =
        SlothImport.read("home-wifi.yml", Files.readString(sloth)).documents().stream()
            .map(YamlWriter::write)
            .collect(Collectors.joining("---\n"));
    write("rules.yaml", PrometheusExport.of(loaded(imported), Optional.empty()).document());
    passes("promtool", "check", "rules", "rules.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{{.window}}] |  | its query has no {{.window}}",
        "sum(rate | sum(abs | its query counts neither by rate alone nor by",
        "type: Prometheus | type: Datadog | it is unmeasured: its metric source is of another system",
        "{duration: 30d, isRolling: true} | {duration: 1M, isRolling: false} | the window is a calendar month",
      })
  void whatRulesCannotKeepIsRefusedWithTheReason(String part, String other, String reason) {
    Loaded changed = loaded(QUERIES.replace(part, other == null ? "" : other));
    var refused =
        catchThrowableOfType(
            RefusedException.class, () -> PrometheusExport.of(changed, Optional.empty()));
    assertThat(refused.reasons().getFirst()).startsWith("pages: " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: disjoint | kind: interval | an interval has two bounds",
        "kind: disjoint | kind: additive | an additive figure is no success rate",
        "resolveAfter: 7m | binomial: 0.001 | a binomial test cannot be written",
      })
  void kindsThatHaveNoSingleRateAreRefused(String part, String other, String reason) {
    Loaded changed = loaded(SHOP.replace(part, other));
    var refused =
        catchThrowableOfType(
            RefusedException.class, () -> GrafanaExport.of(changed, Optional.empty()));
    assertThat(refused.reasons().getFirst()).startsWith("shop.orders: " + reason);
  }

  @Test
  void groupsAreLeftOutByNameAndRefusedWhereTheyAlert() throws Exception {
    String plain = Files.readString(EXAMPLE);
    String grouped =
        plain.replaceFirst("kind: exact", "kind: exact\n  groupBy: {attribute: tenant}");
    assertThat(PrometheusExport.of(loaded(grouped), Optional.of("orders")).notes())
        .contains("orders: groups by tenant are not kept: the rules count all requests together");
    String alerting = grouped.replace("attribute: tenant", "attribute: tenant, alertOn: groups");
    var refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> PrometheusExport.of(loaded(alerting), Optional.of("orders")));
    assertThat(refused.reasons())
        .containsExactly(
            "orders: groups by tenant alert, but rules count all requests together; export with"
                + " alertOn: total");
  }

  @Test
  void theOriginalPresetPagesWhereAMonthsBudgetWouldGoInTwoDays() throws RefusedException {
    Json rules =
        PrometheusExport.of(Selection.withPreset(loaded(SHOP), Preset.ORIGINAL), Optional.empty())
            .document();
    assertThat(JsonWriter.compact(rules)).contains("> 15 * 0.02").doesNotContain("14.4");
  }

  @Test
  void alertmanagerTakesRoutesInWhichAPageKeepsBackTheTicket() throws Exception {
    Loaded shop = loaded(SHOP);
    write("am.yml", AlertmanagerExport.of(shop, Optional.empty()).document());
    passes("amtool", "check-config", "am.yml");
    String route = "config routes test --config.file=am.yml --verify.receivers=troth-";
    String labels = " objective=shop.orders signal=burn severity=";
    passes("amtool", (route + "page" + labels + "page").split(" "));
    passes("amtool", (route + "ticket" + labels + "ticket").split(" "));
    passes(
        "amtool",
        (route.replace("troth-", "elsewhere") + labels + "page")
            .replace("shop.", "shop-")
            .split(" "));
    assertThat(Files.readString(folder.resolve("am.yml"))).contains("signal=\\\"burn");
  }
}
