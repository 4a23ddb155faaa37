package dev.troth.observe.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.capture.Hook;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.metrics.Edge;
import dev.troth.observe.metrics.EdgeMetrics.Counted;
import dev.troth.observe.metrics.PrometheusText;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who calls whom, and how far apart they are, against what the callers say and know. */
final class EdgesTest {
  /** What each packet of the long way takes; there and back twice that. */
  private static final int MILLIS = 30;

  @TempDir Path folder;

  @Test
  void everyRequestIsCountedOnceOnTheEdgeThatItBelongsTo() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int store = Kernel.freePort();
    int elsewhere = Kernel.freePort();
    int requests = Size.count(60, 2_000);
    Observer observer;
    try (Child server = Child.python(folder, "edges.py", "serve", store).listening(store);
        Child other = Child.python(folder, "edges.py", "serve", elsewhere).listening(elsewhere);
        Child shop = Child.python(folder, "edges.py", "ask", "shop", requests, store, elsewhere);
        Child stranger = Child.python(folder, "edges.py", "ask", "stranger", requests, store)) {
      observer = Observer.of(named("store", server.pid()), named("shop", shop.pid()));
      try (observer) {
        shop.closeInput();
        stranger.closeInput();
        assertThat(shop.waitFor(Duration.ofMinutes(1))).isZero();
        assertThat(stranger.waitFor(Duration.ofMinutes(1))).isZero();
      }
      assertThat(other.pid()).isPositive();
    }
    Map<String, Counted> edges =
        observer.metrics().edges().all().stream()
            .collect(Collectors.toMap(EdgesTest::name, one -> one));
    long failed = (requests + 2) / 3;
    assertThat(edges)
        .containsOnlyKeys(
            "shop > store http",
            "shop > 127.0.0.1:" + elsewhere + " http virtual_node",
            "unknown > store http virtual_node");
    Counted known = edge(edges, "shop > store http");
    assertThat(known)
        .extracting(Counted::requests, Counted::failed, one -> one.asServer().count())
        .containsExactly((long) requests, failed, (long) requests);
    assertThat(known.asClient().count()).isEqualTo(requests);
    assertThat(known.asServer().sum()).isLessThan(known.asClient().sum());
    Counted out = edge(edges, "shop > 127.0.0.1:" + elsewhere + " http virtual_node");
    assertThat(out.requests()).isEqualTo(requests);
    assertThat(out.failed()).isEqualTo(failed);
    assertThat(out.asServer().count()).isZero();
    Counted in = edge(edges, "unknown > store http virtual_node");
    assertThat(in.requests()).isEqualTo(requests);
    assertThat(in.failed()).as("a server that says 404 has not failed").isZero();
    assertThat(in.asClient().count()).isZero();
    assertThat(told(observer, "shop")).isEqualTo(saidByKernel("shop"));
    StringWriter text = new StringWriter();
    new PrometheusText(observer.metrics(), observer::counters).writeTo(text);
    String labels = "{client=\"shop\",server=\"store\",connection_type=\"\",system=\"http\"} ";
    assertThat(text.toString())
        .contains("traces_service_graph_request_total" + labels + requests + "\n")
        .contains("traces_service_graph_request_failed_total" + labels + failed + "\n")
        .contains("traces_service_graph_request_client_seconds_count" + labels + requests + "\n")
        .contains("traces_service_graph_request_server_seconds_count" + labels + requests + "\n")
        .contains("troth_observe_tcp_rtt_seconds_count" + labels + requests + "\n")
        .contains("\ntroth_observe_edges_other_total 0\n");
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void aLongWayIsSeenAsTheKernelMeasuresIt(Hook hook) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    Kernel.requireProgram("ip");
    assumeTrue(
        Files.isWritable(Path.of("/dev/net/tun")),
        "the test of a long way is skipped: there is no /dev/net/tun");
    int requests = Size.count(10, 100);
    Observer observer;
    try (Child far = Child.python(folder, "edges.py", "far", "far", requests, MILLIS)) {
      observer =
          Observer.of(
              ObserveConfig.defaults()
                  .withInstrument(List.of(named("far", far.pid())))
                  .withHook(hook));
      try (observer) {
        far.closeInput();
        assertThat(far.waitFor(Duration.ofMinutes(1)))
            .as("%s", Files.readString(folder.resolve("child.log")))
            .isZero();
      }
    }
    assertThat(told(observer, "far")).isEqualTo(saidByKernel("far")).hasSizeGreaterThan(0);
    assertThat(observer.metrics().edges().all())
        .extracting(EdgesTest::name)
        .containsExactlyInAnyOrder(
            "far > 10.9.0.2:7777 http virtual_node", "unknown > far http virtual_node");
    assertThat(observer.metrics().edges().all())
        .allSatisfy(edge -> {
          assertThat(edge.roundTrips().count()).isEqualTo(requests);
          assertThat(edge.roundTrips().sum()).isGreaterThanOrEqualTo(requests * 2 * MILLIS / 1e3);
        });
  }

  private static Counted edge(Map<String, Counted> edges, String name) {
    return requireNonNull(edges.get(name), name);
  }

  private static String name(Counted one) {
    Edge edge = one.edge();
    return (edge.client() + " > " + edge.server() + " " + edge.system() + " " + edge.kind().text())
        .strip();
  }

  private static Selector named(String name, int process) {
    return Selector.ofProcess(process).named(Optional.of(name), Optional.empty());
  }

  /** How often each round-trip time is told of by the calls of a service, in microseconds. */
  private static Map<String, Long> told(Observer observer, String service) {
    return observer.spans().stream()
        .filter(span -> span.role() == Role.CLIENT && span.target().service().equals(service))
        .map((Span span) -> Observer.text(span, "troth.tcp.rtt_us"))
        .collect(Collectors.groupingBy(micros -> micros, TreeMap::new, Collectors.counting()));
  }

  /** What the caller was told by the kernel itself after each answer. */
  private Map<String, Long> saidByKernel(String file) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(file));
    return lines.stream()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .collect(Collectors.groupingBy(micros -> micros, TreeMap::new, Collectors.counting()));
  }
}
