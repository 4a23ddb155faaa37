package dev.troth.cli.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SloBacktestTest {
  private static final Path ORDERS =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;
  private Path metrics;
  private Path truth;
  private BacktestHistory history;

  @BeforeEach
  void history() throws IOException {
    history = BacktestHistory.in(folder);
    metrics = history.metrics();
    truth = history.truth();
  }

  @Test
  void aTemplateIsHeldAgainstTheIncidentsThatTheTruthShows() throws IOException {
    Path file = history.template("t.yaml", "20");
    Ran ran = Ran.slo("backtest", "--template", file, "--data", metrics, "--truth", truth);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            page    2026-10-01T02:01:00Z  for 10m  Failures
            INCIDENT  FROM                  LASTED  BAD REQUESTS  PAGED     TICKET
            incident  2026-10-01T02:00:00Z  10m     500 of 1000   after 1m  never
            1 page, 0 of them false; 0 tickets; 1 of 1 incidents paged; 1 of 10 minutes of incidents passed unpaged
            """);
    Ran alone = Ran.slo("backtest", "--template", file, "--data", metrics);
    assertThat(alone.out()).endsWith("1 page, 0 tickets\n");
    Ran strict =
        Ran.slo(
            "backtest", "--template", file, "--data", metrics, "--truth", truth, "--target", "0.9");
    assertThat(strict.out()).contains("1 page, 0 tickets").doesNotContain("INCIDENT");
  }

  @Test
  void machinesReadTheSame() throws Exception {
    Ran ran =
        Ran.slo(
            "backtest",
            "--template",
            history.template("t.yaml", "20"),
            "--data",
            metrics,
            "--truth",
            truth,
            "--format",
            "json");
    Json.Obj report = BacktestHistory.json(ran.out());
    assertThat(report.get("pages")).contains(Json.Num.of(1));
    assertThat(report.get("minutesUnpaged")).contains(Json.Num.of(1));
    assertThat(ran.out()).contains("\"badRequests\": 500", "\"pagedAt\": \"2026-10-01T02:01:00Z\"");
  }

  @Test
  void twoTemplatesAreShownSideBySide() throws Exception {
    Path old = history.template("old.yaml", "200");
    Path fresh = history.template("new.yaml", "20");
    Path incidents =
        Files.writeString(
            folder.resolve("incidents.csv"), "2026-10-01T02:00:00Z,2026-10-01T02:10:00Z,outage\n");
    Ran ran =
        Ran.slo("backtest", "--diff", old, fresh, "--data", metrics, "--incidents", incidents);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
        .contains(
            "outage|2026-10-01T02:00:00Z|10m|-|never|after 1m",
            "pages|0|1",
            "minutes unpaged|10|1",
            "only " + fresh + ": page|2026-10-01T02:01:00Z|for 10m|Failures");
    Ran machine = Ran.slo("backtest", "--diff", old, fresh, "--data", metrics, "--format", "json");
    assertThat(BacktestHistory.json(machine.out()).members().keySet())
        .containsExactly("old", "new");
  }

  @Test
  void twoObjectiveFilesAreShownSideBySide() throws IOException {
    String text = Files.readString(ORDERS);
    Path deaf =
        Files.writeString(
            folder.resolve("deaf.yaml"), text.replace("minBadEvents: 20", "minBadEvents: 2000"));
    Ran ran = Ran.slo("backtest", "--diff", deaf, ORDERS, "--truth", truth);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
        .contains("incident|2026-10-01T02:00:00Z|10m|500 of 1000|never|after 1m", "pages|0|1");
    Ran mixed =
        Ran.slo("backtest", "--diff", history.template("t.yaml", "20"), ORDERS, "--data", metrics);
    assertThat(mixed.exitCode()).isEqualTo(2);
    assertThat(mixed.err()).contains("beside another kind of file they need --truth COUNTS");
  }

  @Test
  void whatGroupsWouldHaveAlertedIsSaidToBeNotKnown() throws IOException {
    Path grouped =
        Files.writeString(
            folder.resolve("grouped.yaml"),
            Files.readString(ORDERS)
                .replaceFirst(
                    "kind: exact", "kind: exact\n  groupBy: {attribute: tenant, alertOn: groups}"));
    Ran ran = Ran.slo("backtest", grouped, truth);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("not known: orders: groups by tenant, since counts tell none apart");
    assertThat(Ran.slo("backtest", ORDERS, truth).out()).doesNotContain("not known");
  }

  @Test
  void anObjectiveIsReplayedForMachinesToo() throws Exception {
    Ran ran = Ran.slo("backtest", ORDERS, truth, "--format", "json");
    assertThat(BacktestHistory.json(ran.out()).get("pages")).contains(Json.Num.of(1));
  }

  @Test
  void whatIsMissingOrWrongIsNamed() throws IOException {
    Path file = history.template("t.yaml", "20");
    assertThat(Ran.slo("backtest").err()).contains("expected OBJECTIVES COUNTS, or --template");
    assertThat(Ran.slo("backtest", "--template", file).err()).contains("--data is missing");
    assertThat(Ran.slo("backtest", "--template", ORDERS, "--data", metrics).err())
        .contains("is no CloudFormation template");
    assertThat(Ran.slo("backtest", ORDERS, truth, "--template", file, "--data", metrics).exitCode())
        .isEqualTo(2);
    assertThat(Ran.slo("backtest", "--template", file, "--data", metrics, "--target", "1").err())
        .contains("--target is 1.0, expected above 0 and below 1");
    Path wrong = Files.writeString(folder.resolve("wrong.csv"), "time,Shop Bad Sum\nnow,1\n");
    Ran ran = Ran.slo("backtest", "--template", file, "--data", wrong);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("wrong.csv:2: 'now' is no time");
    Ran other = Ran.slo("backtest", "--template", file, "--data", file);
    assertThat(other.err()).contains("t.yaml:1: 'Failures:', expected a head");
    Path empty = Files.writeString(folder.resolve("empty.yaml"), "Resources: {}\n");
    assertThat(Ran.slo("backtest", "--template", empty, "--data", metrics).err())
        .contains("has no alarms");
    Path packed = Files.writeString(folder.resolve("x.gz"), "no gzip");
    assertThat(Ran.slo("backtest", "--template", file, "--data", packed).err())
        .contains("cannot be read: Not in GZIP format");
  }

  @Test
  void incidentsPagesAndTicketsAreDrawnOverTime() throws Exception {
    Path chart = folder.resolve("chart.svg");
    Path incidents =
        Files.writeString(
            folder.resolve("named.csv"), "2026-10-01T02:00:00Z,2026-10-01T02:10:00Z,a <b> & c\n");
    Ran ran =
        Ran.slo(
            "backtest",
            "--diff",
            ORDERS,
            ORDERS,
            "--truth",
            truth,
            "--incidents",
            incidents,
            "--chart",
            chart,
            "--format",
            "json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    Json.Obj old = (Json.Obj) BacktestHistory.json(ran.out()).get("old").orElseThrow();
    assertThat(old.get("precision").orElseThrow().toString()).contains("1");
    assertThat(old.get("recall").orElseThrow().toString()).contains("1");
    var svg =
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(chart.toFile());
    var titles = svg.getElementsByTagName("title");
    assertThat(titles.item(0).getTextContent())
        .isEqualTo("a <b> & c from 2026-10-01T02:00:00Z to 2026-10-01T02:10:00Z");
    assertThat(titles.item(1).getTextContent()).startsWith("page at 2026-10-01T02:01:00Z, until ");
    // An incident, and a page and a ticket of each version.
    assertThat(titles.getLength()).isEqualTo(5);
    assertThat(Ran.slo("backtest", ORDERS, quiet(), "--chart", chart).err())
        .contains("there is no chart: no incident and no alert to draw");
  }

  private Path quiet() throws IOException {
    return Files.writeString(folder.resolve("quiet.csv"), "2026-10-01T00:00:00Z,100,0\n");
  }
}
