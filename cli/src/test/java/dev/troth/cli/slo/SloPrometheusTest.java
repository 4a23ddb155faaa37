package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troth.cli.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backtests over a server that answers as Prometheus documents {@code query_range}. */
final class SloPrometheusTest {
  private static final long START = Instant.parse("2026-10-01T00:00:00Z").getEpochSecond();

  @TempDir Path folder;

  private final List<Map<String, String>> asked = new ArrayList<>();
  private HttpServer server;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/query_range", this::answer);
    server.start();
    file =
        Files.writeString(
            folder.resolve("slo.yaml"),
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: pages}
            spec:
              budgetingMethod: Occurrences
              timeWindow: [{duration: 30d, isRolling: true}]
              objectives: [{target: 0.99}]
              indicator:
                metadata: {name: pages}
                spec:
                  ratioMetric:
                    bad: {metricSource: {type: Prometheus, spec: {query: 'sum(increase(bad[{{.window}}]))'}}}
                    total: {metricSource: {type: Prometheus, spec: {query: 'sum(increase(all[{{.window}}]))'}}}
            """);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A hundred events a minute; in the third hour of the history half of them are bad. */
  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
      parameters.put(pair.split("=")[0], URLDecoder.decode(pair.split("=")[1], UTF_8));
    }
    asked.add(parameters);
    long step = Long.parseLong(parameters.get("step"));
    List<String> points = new ArrayList<>();
    for (long at = Long.parseLong(parameters.get("start"));
        at <= Long.parseLong(parameters.get("end"));
        at += step) {
      boolean bad = parameters.getOrDefault("query", "").contains("bad[");
      boolean failing = at > START + 7_200 && at <= START + 10_800;
      double value = bad ? (failing ? 50.2 : 0) : 100.4;
      points.add("[%d,\"%s\"]".formatted(at, value * step / 60));
    }
    String body =
        parameters.getOrDefault("query", "").contains("broken")
            ? "{\"status\":\"error\",\"error\":\"parse error\"}"
            : "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[%s]}]}}"
                .formatted(String.join(",", points));
    exchange.sendResponseHeaders(200, body.getBytes(UTF_8).length);
    try (var out = exchange.getResponseBody()) {
      out.write(body.getBytes(UTF_8));
    }
  }

  private Ran backtest(Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "backtest",
                file,
                "--prometheus",
                "http://127.0.0.1:" + server.getAddress().getPort()));
    arguments.addAll(List.of(more));
    return Ran.slo(arguments.toArray());
  }

  @Test
  void anObjectiveIsReplayedOverWhatPrometheusKeeps() {
    Ran ran = backtest("--from", "2026-10-01T00:00:00Z", "--to", "2026-10-09T00:00:00Z");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            // 17 minutes of 50 bad requests are more than 6 % of the 137 minutes until then.
            "page    2026-10-01T02:17:00Z  for 1h 40m  30m & 6h > 6",
            "availability at the end 99.739 %");
    assertThat(asked)
        .extracting(one -> one.get("query"))
        .containsExactlyInAnyOrder(
            "sum(sum(increase(all[1m])))",
            "sum(sum(increase(all[1m])))",
            "sum(sum(increase(bad[1m]))) or 0 * sum(sum(increase(all[1m])))",
            "sum(sum(increase(bad[1m]))) or 0 * sum(sum(increase(all[1m])))");
  }

  @Test
  void aStepOfMoreMinutesIsSharedByThem() {
    Ran ran =
        backtest("--from", "2026-10-01T00:00:00Z", "--to", "2026-10-02T00:00:00Z", "--step", "5m");
    assertThat(ran.out()).contains("page    2026-10-01T02:17:00Z");
    assertThat(asked).hasSize(2).allMatch(one -> one.getOrDefault("query", "").contains("[5m]"));
  }

  @Test
  void whatARuleCannotKeepAReplayOfItsQueriesCan() throws IOException {
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "{duration: 30d, isRolling: true}",
                "{duration: 1M, isRolling: false, calendar: {timeZone: UTC}}"));
    Ran ran = backtest("--from", "2026-10-01T00:00:00Z", "--to", "2026-10-02T00:00:00Z");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("page    2026-10-01T02:18:00Z");
    assertThat(Ran.slo("export", "prometheus", file).err())
        .contains("but rules look back a fixed time");
  }

  @Test
  void whatIsMissingOrWrongIsNamed() throws IOException {
    assertThat(backtest().err()).contains("--from is 'missing', expected a time such as");
    assertThat(backtest("--from", "2026-10-02T00:00:00Z", "--to", "2026-10-01T00:00:00Z").err())
        .contains("expected a time before --to");
    assertThat(
            backtest(
                    "--from",
                    "2026-10-01T00:00:00Z",
                    "--to",
                    "2026-10-01T01:00:00Z",
                    "--step",
                    "15s")
                .err())
        .contains("--step is '15s', expected whole minutes such as 5m");
    Files.writeString(file, Files.readString(file).replace("all[", "broken["));
    Ran ran = backtest("--from", "2026-10-01T00:00:00Z", "--to", "2026-10-01T01:00:00Z");
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("parse error");
    server.stop(0);
    assertThat(
            backtest("--from", "2026-10-01T00:00:00Z", "--to", "2026-10-01T01:00:00Z").exitCode())
        .isEqualTo(3);
  }

  @Test
  void whoeverAnswersInsteadOfPrometheusIsRefusedInWords() throws IOException {
    assertThat(hostile(302, "")).contains("answers 302, a redirect, which is not followed");
    assertThat(hostile(200, "x".repeat((16 << 20) + 1))).contains("cannot be asked");
    assertThat(hostile(200, answerOf("[1e18,\"1\"]")))
        .contains("has the time 1E+18, expected seconds");
    for (String value : List.of("+Inf", "-5", "1e400", "x")) {
      assertThat(hostile(200, answerOf("[%d,\"%s\"]".formatted(START, value))))
          .contains("the query gives " + value + " at 2", "expected a count");
    }
    assertThat(hostile(200, "{\"status\":\"error\",\"error\":\"\\u001b[31mred\"}"))
        .contains("\\u001b[31mred")
        .doesNotContain("\u001b");
    Ran local = Ran.slo("backtest", file, "--prometheus", "file:///etc/passwd", FROM, TO);
    assertThat(local.err()).contains("expected an address that begins with http://");
    assertThat(local.exitCode()).isEqualTo(2);
    String secret = "http://u:pSECRET@127.0.0.1:1";
    Ran shown = Ran.slo("backtest", file, "--prometheus", secret, FROM, TO);
    assertThat(shown.err())
        .contains("--prometheus holds a user or a password")
        .doesNotContain("SECRET");
    assertThat(shown.exitCode()).isEqualTo(2);
  }

  private static final String FROM = "--from=2026-10-01T00:00:00Z";
  private static final String TO = "--to=2026-10-01T01:00:00Z";

  private static String answerOf(String point) {
    return "{\"status\":\"success\",\"data\":{\"result\":[{\"values\":[%s]}]}}".formatted(point);
  }

  private String hostile(int status, String body) throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      other.createContext(
          "/",
          exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            try (var out = exchange.getResponseBody()) {
              out.write(bytes);
            }
          });
      other.start();
      Ran ran =
          Ran.slo(
              "backtest",
              file,
              "--prometheus",
              "http://127.0.0.1:" + other.getAddress().getPort(),
              FROM,
              TO);
      assertThat(ran.exitCode()).isEqualTo(3);
      return ran.err();
    } finally {
      other.stop(0);
    }
  }
}
