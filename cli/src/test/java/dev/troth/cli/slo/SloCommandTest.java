package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.troth.cli.Troth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class SloCommandTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private static Ran slo(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("slo"));
    Collections.addAll(all, args);
    int exit = troth.execute(all.toArray(String[]::new));
    return new Ran(exit, out.toString(), err.toString());
  }

  /** Runs against a platform that answers with these objectives. */
  private static Ran against(String objectives, String... args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/objectives",
        exchange -> {
          byte[] body = "{\"objectives\":[%s]}".formatted(objectives).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      List<String> all = new ArrayList<>(List.of(args));
      all.addAll(List.of("--server", "http://127.0.0.1:" + server.getAddress().getPort()));
      return slo(all.toArray(String[]::new));
    } finally {
      server.stop(0);
    }
  }

  private static String objective(String name, String state, double left) {
    return """
    {"name":"%s","state":"%s","stateReason":"burn 20.0 over 5m","availability":0.99696,
     "target":0.995,"requests":{"total":1000,"bad":3,"unknown":2},"p95Millis":84.2,
     "budget":{"remaining":%f,"remainingRatio":%f},"gapMinutes":4,"label":null,"bounds":null,
     "evidence":{"known":true,"doubt":null,"unknownCounted":false,"sampled":0,"dropped":{},
     "notes":[]}}
    """
        .formatted(name, state, 5 * left, left);
  }

  @Test
  void statusSaysSinceWhenACalendarWindowCounts() throws IOException {
    String month =
        objective("orders", "ok", 0.4)
            .replace(
                "\"label\":null",
                "\"label\":null,\"window\":{\"type\":\"calendar\",\"length\":\"calendar month\",\"minutes\":44700,"
                    + "\"timeZone\":\"Europe/Berlin\",\"from\":\"2026-02-28T23:00:00Z\",\"to\":\"2026-03-31T22:00:00Z\"}");
    assertThat(against(month, "status").out())
        .contains(
            "  calendar month since 2026-02-28T23:00:00Z, anew 2026-03-31T22:00:00Z (Europe/Berlin)");
  }

  @Test
  void statusSaysWhichMaintenanceLeftHowManyRequestsOut() throws IOException {
    String left =
        objective("orders", "ok", 0.4)
            .replace(
                "\"notes\":[]",
                "\"notes\":[],\"leftOut\":[{\"maintenance\":\"backup\",\"requests\":120,\"bad\":7,\"now\":true},"
                    + "{\"maintenance\":\"release\",\"requests\":0,\"bad\":0,\"now\":false}]");
    assertThat(against(left, "status").out())
        .contains("  maintenance backup now: 120 requests left out, 7 of them bad")
        .doesNotContain("release");
  }

  @Test
  void unknownRequestsThatAreCountedAreNotCountedTwice() throws IOException {
    String counted =
        objective("orders", "ok", 0.4)
            .replace("\"unknownCounted\":false", "\"unknownCounted\":true");
    assertThat(against(counted, "status").out())
        .contains("  of 2 requests a step was never seen")
        .doesNotContain("more");
  }

  @Test
  void anIncidentIsSilencedByItsObjectivesNameAndStatusSaysByWhomAndUntilWhen() throws IOException {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    String said =
        "  silenced by ada until 2026-03-01T14:00:00Z or a page: a deploy\\u001b]0;pwn\\u0007\\u000d\\u000ab\n";
    String silence =
        "{\"by\":\"ada\",\"at\":\"2026-03-01T12:00:00Z\",\"until\":\"2026-03-01T14:00:00Z\",\"reason\":\"a deploy\\u001b]0;pwn\\u0007\\r\\nb\",\"severity\":\"ticket\"}";
    String objectives =
        objective("orders", "page", 0.4)
                .replace(
                    "\"label\":null",
                    "\"label\":null,\"incident\":\"orders-7\",\"acknowledgement\":null,\"silence\":"
                        + silence)
            + ","
            + objective("other", "ok", 0.4);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/",
        exchange -> {
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          String sent = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          asked.add(sent.isEmpty() ? request : request + " " + sent);
          boolean list = request.equals("GET /api/objectives");
          byte[] body =
              (list
                      ? "{\"objectives\":[%s]}".formatted(objectives)
                      : "{\"id\":\"orders-7\",\"objective\":\"orders\",\"state\":\"open\",\"silence\":%s}"
                          .formatted(request.startsWith("DELETE") ? "null" : silence))
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String at = "--server=http://127.0.0.1:" + server.getAddress().getPort();
      Ran silenced = slo("silence", "orders", "--for", "2h", "--reason", "a deploy", at);
      assertThat(silenced.exit()).as(silenced.err()).isZero();
      assertThat(silenced.out()).isEqualTo("incident orders-7 of orders\n" + said);
      assertThat(slo("silence", "incident/orders-7", "--end", at).out())
          .isEqualTo("incident orders-7 of orders\n");
      assertThat(slo("acknowledge", "orders-7", "--for", "1h", at).exit()).isZero();
      assertThat(asked)
          .containsExactly(
              "GET /api/objectives",
              "POST /api/incidents/orders-7/silence {\"for\":\"2h\",\"reason\":\"a deploy\"}",
              "DELETE /api/incidents/orders-7/silence",
              "GET /api/objectives",
              "POST /api/incidents/orders-7/acknowledge {\"for\":\"1h\"}");
      assertThat(slo("status", at).out()).contains(said);
      Ran none = slo("silence", "other", "--for", "1h", at);
      assertThat(none.exit()).isEqualTo(2);
      assertThat(none.err()).contains("objective other has no open incident");
      assertThat(slo("silence", "orders", at).err())
          .contains("expected either --for, --until or --end");
      assertThat(slo("silence", "orders", "--until", "noon", at).err())
          .contains("--until is 'noon', expected a time such as");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void badRequestsOfAStepAndAWindowAreAskedForAndSayWhyAndHowToGoOn() throws IOException {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/objectives/orders/requests",
        exchange -> {
          asked.add(exchange.getRequestURI().getRawQuery());
          byte[] body =
              """
              {"requests":[{"trace":"0123456789abcdef0123456789abcdef",
                "startedAt":"2026-03-01T12:00:00Z","root":"POST /orders","service":"api",
                "failed":["bus"],"missing":["table"],"slow":true,"millis":40.2,"group":"a/b"}],
               "next":"17-ab"}
              """
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      Ran ran =
          slo(
              "requests",
              "orders",
              "--step",
              "a b",
              "--group",
              "a/b c",
              "--from",
              "2026-03-01T00:00:00Z",
              "--to",
              "2026-03-02T00:00:00Z",
              "--before",
              "18-cd",
              "--server",
              address);
      assertThat(ran.err()).isEmpty();
      assertThat(ran.exit()).isZero();
      assertThat(ran.out())
          .contains("0123456789abcdef0123456789abcdef", "2026-03-01T12:00:00Z", "40 ms")
          .contains("of a/b; failed at bus; never seen: table; too slow")
          .contains("older ones: --before 17-ab");
      assertThat(asked)
          .containsExactly(
              "limit=50&step=a%20b&group=a%2Fb%20c&from=2026-03-01T00%3A00%3A00Z&to=2026-03-02T00%3A00%3A00Z"
                  + "&before=18-cd");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anIntervalShowsBothBounds() throws IOException {
    String interval =
        objective("orders", "ok", 0.4)
            .replace("\"bad\":3,", "\"bad\":628,\"badAtLeast\":364,")
            .replace("\"bounds\":null", "\"bounds\":{\"low\":0.372,\"high\":0.636}");
    assertThat(against(interval, "status").out())
        .contains("364 to 628 bad of 1000", "between 37.2 % and 63.6 %");
  }

  @Test
  void whatWasDroppedStandsWithTheObjective() throws IOException {
    String dropped =
        objective("orders", "ok", 0.4)
            .replace("\"sampled\":0", "\"sampled\":7")
            .replace("\"dropped\":{}", "\"dropped\":{\"tooLarge\":12}");
    assertThat(against(dropped, "status").out())
        .contains("7 sampled requests were refused", "not counted since the start: 12 tooLarge");
  }

  @Test
  void whatTheAgentsHaveNotSeenStandsWithTheObjective() throws IOException {
    String unseen =
        objective("orders", "ok", 0.4)
            .replace(
                "\"dropped\":{}",
                "\"dropped\":{},\"unseen\":{\"requests\":10,\"reasons\":{\"lost\":7,\"dropped\":3},"
                    + "\"calls\":4,\"connections\":2,\"bounded\":false}");
    assertThat(against(unseen, "status").out())
        .contains(
            "not seen by the agents: at most 7 requests lost",
            "not seen by the agents: at most 3 requests dropped",
            "not known what caused 4 calls",
            "not read: 2 connections; the truth may lie outside of the bounds");
  }

  /** Budget is left in all of these; what is left of it says nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"unmeasured", "frozen", "no signal", "data fault", "uncertain"})
  void theGateStaysShutWhereTheFigureSaysNothing(String state) throws IOException {
    String blind = objective("orders", state, 0.9).replace("\"known\":true", "\"known\":false");
    Ran ran = against(blind, "gate");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains(state);
  }

  @Test
  void lintSaysWhatWouldNotBeMeasuredAndWhatCanNeverFire() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("team/web"));
    Files.writeString(
        deep.resolve("slices.yaml"),
        """
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: slices}
        spec: {budgetingMethod: RatioTimeslices, timeWindow: [{duration: 30d, isRolling: true}],
          indicator: {spec: {ratioMetric: {good: {}, total: {}}}}, objectives: [{target: 0.99}]}
        """);
    Ran ran = slo("lint", folder.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("slices: unmeasured: budgetingMethod RatioTimeslices is not");
    Path low = folder.resolve("low.yaml");
    Files.writeString(low, Files.readString(EXAMPLE).replace("target: 0.99}", "target: 0.5}"));
    Ran warned = slo("lint", low.toString());
    assertThat(warned.exit()).isZero();
    assertThat(warned.out()).contains("low.yaml:", "warning: objective 'orders': the page of");
  }

  @Test
  void aFolderWithoutObjectivesIsAnError() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Ran ran = slo("lint", empty.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("empty:1:1: error: holds no objective file, expected *.yaml");
  }

  @Test
  void aBacktestRefusesCountsThatCannotBe() throws IOException {
    Path counts = folder.resolve("counts.csv");
    Files.writeString(counts, "2026-10-01T00:00:00Z,10,-1\n");
    Ran negative = slo("backtest", EXAMPLE.toString(), counts.toString());
    assertThat(negative.exit()).isEqualTo(2);
    assertThat(negative.err()).contains("counts.csv:1:", "-1 bad ones, expected none below 0");
    Files.writeString(counts, "2026-10-01T00:00:00Z,10,12\n");
    Ran more = slo("backtest", EXAMPLE.toString(), counts.toString());
    assertThat(more.exit()).isEqualTo(2);
    assertThat(more.err()).contains("12 bad events of 10");
  }

  @Test
  void statusShowsEachObjectiveAndWhatIsNotKnown() throws IOException {
    Ran ran = against(objective("orders", "page", 0.4), "status");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            OBJECTIVE  STATE  AVAILABILITY  TARGET  BUDGET LEFT        REQUESTS       P95
            orders     page   99.696 %      99.5 %  40 % (2 requests)  3 bad of 1000  84 ms
              burn 20.0 over 5m
              of 2 more requests a step was never seen
              nothing is known of 4 minutes of the window
            """);
  }

  @Test
  void theGateOpensOnlyWhileBudgetIsLeft() throws IOException {
    assertThat(against(objective("orders", "ok", 0.4), "gate").exit()).isZero();
    assertThat(against(objective("orders", "page", -0.1), "gate").exit()).isEqualTo(1);
    assertThat(against(objective("orders", "ok", 0.4), "gate", "--least", "50").exit())
        .isEqualTo(1);
    String nothing =
        """
        {"name":"new","state":"no data","stateReason":"nothing was counted yet","budget":null,
         "availability":null,"target":0.99,"gapMinutes":0,
         "requests":{"total":0,"bad":0,"unknown":0}}
        """;
    Ran unknown = against(nothing, "gate");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.out()).contains("not known", "nothing was counted yet");
    String both = objective("a", "ok", 0.4) + "," + objective("b", "page", -1);
    assertThat(against(both, "gate", "a").exit()).isZero();
    Ran missing = against(both, "gate", "c");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no objective 'c', expected one of a, b");
  }

  @Test
  void withoutAnyObjectiveTheGateStaysShut() throws IOException {
    Ran ran = against("", "gate");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("nothing is known");
  }

  @Test
  void lintNamesFileLineAndExpectation() throws IOException {
    Ran right = slo("lint", EXAMPLE.toString());
    assertThat(right.exit()).isZero();
    assertThat(right.out()).contains("orders: exact, availability 99 % over 1h");
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(wrong, Files.readString(EXAMPLE).replace("target: 0.99}", "target: 99}"));
    Ran ran = slo("lint", wrong.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("target is '99', expected above 0 and below 1");
  }

  @Test
  void aBacktestPrintsPagesAndScoresThem() throws IOException {
    Instant start = Instant.parse("2026-10-01T00:00:00Z");
    StringBuilder counts = new StringBuilder("# time,total,bad\n");
    for (int i = 0; i < 240; i++) {
      int bad = i >= 120 && i < 130 ? 50 : 0;
      counts.append(start.plusSeconds(60L * i)).append(",100,").append(bad).append('\n');
    }
    Path file = Files.writeString(folder.resolve("counts.csv"), counts);
    Path incidents =
        Files.writeString(
            folder.resolve("incidents.csv"), "2026-10-01T02:00:00Z,2026-10-01T02:10:00Z\n");
    Ran ran =
        slo("backtest", EXAMPLE.toString(), file.toString(), "--incidents", incidents.toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("page    2026-10-01T02:01:00Z  for ")
        .contains("pages: 1, 1 of them right; incidents: 1, 1 of them paged")
        .contains("longest time from start to page: 1m");
    Files.writeString(file, "yesterday,1,2\n");
    Ran wrong = slo("backtest", EXAMPLE.toString(), file.toString());
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("counts.csv:1: 'yesterday,1,2', expected TIME,TOTAL,BAD");
  }
}
