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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code slo status --by}: the groups of objectives, as a platform answers them. */
final class SloGroupsTest {
  private static final String OBJECTIVES =
      """
      {"objectives":[%s,%s]}
      """
          .formatted(objective("orders", "\"tenant\""), objective("jobs", "null"));

  private static final String GROUPS =
      """
      {"now":"2026-03-01T12:00:00Z","objective":"orders","attribute":"tenant","limit":100,
       "alertOn":"groups","counted":3,"groups":[
        {"group":"acme","requests":{"total":10,"good":7,"bad":3,"unknown":0},"availability":0.7,
         "budget":{"allowed":0.1,"consumed":3,"remaining":-2.9,"remainingRatio":-29.0},
         "state":"page","incident":"orders-7-ab","causes":[{"step":"bus","bad":3,"share":1.0}]},
        {"group":"(none)","requests":{"total":0,"good":0,"bad":0,"unknown":4},"availability":null,
         "budget":null,"state":null,"incident":null,"causes":[]}]}
      """;

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  private static String objective(String name, String groupBy) {
    return """
    {"name":"%s","state":"ok","stateReason":"","availability":1.0,"target":0.99,
     "requests":{"total":10,"bad":0,"unknown":0},"p95Millis":1.0,"budget":null,"gapMinutes":0,
     "label":null,"bounds":null,"groupBy":%s}
    """
        .formatted(name, groupBy);
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          boolean list = exchange.getRequestURI().getPath().equals("/api/objectives");
          byte[] body = (list ? OBJECTIVES : GROUPS).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private record Ran(int exit, String out, String err) {}

  private Ran status(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("slo", "status"));
    all.addAll(List.of(args));
    all.addAll(List.of("--server", "http://127.0.0.1:" + server.getAddress().getPort()));
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = troth.execute(all.toArray(String[]::new));
    return new Ran(exit, out.toString(), err.toString());
  }

  @Test
  void theWorstGroupsStandFirstAndWhatIsNotKnownSaysSo() {
    Ran ran = status("--by", "tenant", "--groups", "2");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            orders by tenant: 2 of 3 groups, worst first
            GROUP   STATE  AVAILABILITY  BUDGET LEFT            REQUESTS     WHERE  INCIDENT
            acme    page   70 %          -2900 % (-3 requests)  3 bad of 10  bus    orders-7-ab
            (none)  -      not known     -                      0 bad of 0   -      -
            """);
    assertThat(asked).containsExactly("/api/objectives", "/api/objectives/orders/groups?limit=2");
  }

  @Test
  void machinesGetTheDocumentsAsTheyAre() {
    Ran ran = status("--by", "tenant", "--format", "json");
    assertThat(ran.out()).startsWith("[{").contains("\"remainingRatio\":-29.0");
    assertThat(asked).last().isEqualTo("/api/objectives/orders/groups?limit=10");
  }

  @Test
  void anotherAttributeIsAnErrorThatNamesTheOnesThereAre() {
    Ran ran = status("--by", "region");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("no objective is counted by 'region', expected one of tenant");
    Ran none = status("jobs", "--by", "region");
    assertThat(none.err()).contains("none has groupBy in its file");
  }
}
