package dev.troth.server.kafka;

import static dev.troth.server.kafka.StackLoad.CALLER;
import static dev.troth.server.kafka.StackLoad.NUMBER;
import static dev.troth.server.kafka.StackLoad.TRACE;
import static dev.troth.server.kafka.StackProcesses.freePort;
import static dev.troth.server.kafka.StackProcesses.java;
import static dev.troth.server.kafka.StackProcesses.listening;
import static dev.troth.server.kafka.StackProcesses.requireProgram;
import static dev.troth.server.kafka.StackProcesses.resource;
import static dev.troth.server.kafka.StackProcesses.start;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.agent.Observation;
import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.propagation.Propagation;
import dev.troth.observe.span.CapturedHeaders;
import dev.troth.observe.span.SpanSink;
import dev.troth.server.TestPostgres;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * nginx (TLS) → Node → gRPC in Java → PostgreSQL, Redis and Kafka → a consumer, all watched at
 * once. Each request carries a number, which parents are checked against: none may be another
 * request's.
 */
final class StackTest {

  private static final List<Process> STACK = new ArrayList<>();
  private static final int SHOP = freePort();
  private static final int PORT = freePort();
  private static final int ORDERS = freePort();
  private static final int STORE = freePort();

  @TempDir private static Path shared;
  private static @Nullable Broker broker;
  private static @Nullable Process service;
  private static @Nullable String database;
  private static long produced;

  @TempDir private Path folder;

  private final int count = Size.count(300, 100_000);
  private final int clients = Size.count(16, 256);
  private final List<Process> processes = new ArrayList<>();
  private final List<StackSpan> spans = Collections.synchronizedList(new ArrayList<>());
  private final Map<Long, StackSpan> byId = new HashMap<>();

  private enum Way {
    FORWARDED,
    SILENT,
    WRITTEN
  }

  /** All but the shop and the consumer, which are started anew for each way. */
  @BeforeAll
  static void startAll() throws Exception {
    assumeTrue(Capabilities.missing().isEmpty(), "kernel tests are skipped: no privilege");
    assumeTrue(TestPostgres.runsHere(), "the stack is skipped: no PostgreSQL for this machine");
    for (String program : List.of("nginx", "node", "redis-server", "openssl")) {
      requireProgram(program);
    }
    String url = TestPostgres.newDatabase();
    database = url;
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id int PRIMARY KEY, note text)");
    }
    Broker started = Broker.start(shared.resolve("broker"));
    broker = started;
    started.topic(StackPrograms.TOPIC, 1);
    Process key =
        start(
            shared,
            STACK,
            List.of(
                ("openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
                        + " -keyout key.pem -out cert.pem")
                    .split(" ", -1)));
    assertThat(key.waitFor()).isZero();
    start(
        shared,
        STACK,
        List.of("redis-server", "--port", "" + STORE, "--bind", "127.0.0.1", "--save", ""));
    listening(STORE);
    service =
        start(
            shared,
            STACK,
            java(StackPrograms.Service.class, "" + ORDERS, url, "" + STORE, started.bootstrap()));
    listening(ORDERS);
    Path conf =
        Files.writeString(
            shared.resolve("nginx.conf"),
            Files.readString(Path.of(resource("nginx.conf")))
                .replace("PORT", "" + PORT)
                .replace("SHOP", "" + SHOP)
                .replace("FOLDER", shared.toString()));
    start(shared, STACK, List.of("nginx", "-c", conf.toString(), "-p", shared.toString()));
    listening(PORT);
  }

  @AfterAll
  static void stop() throws Exception {
    end(STACK);
    if (broker != null) {
      broker.close();
    }
    if (database != null) {
      TestPostgres.drop(database);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    end(processes);
  }

  private static void end(List<Process> started) throws InterruptedException {
    for (Process process : started.reversed()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    started.clear();
  }

  @Test
  void servicesThatForwardTheContextGiveOneTraceARequest() throws Exception {
    run(Way.FORWARDED);
    Map<Long, Set<String>> traces = new HashMap<>();
    for (StackSpan span : spans) {
      if (span.traceLow() >> 32 == TRACE >> 32) {
        traces
            .computeIfAbsent(span.traceLow() - TRACE, added -> new java.util.TreeSet<>())
            .add(span.place());
      }
    }
    assertThat(traces).hasSize(count);
    assertThat(traces.values())
        .allSatisfy(places ->
            assertThat(places)
                .contains(
                    "nginx SERVER",
                    "nginx CLIENT",
                    "shop SERVER",
                    "shop CLIENT",
                    "orders SERVER",
                    "orders CLIENT"));
  }

  @Test
  void servicesThatForwardNothingAreJoinedWhereOneConnectionIsSeenAtBothEnds() throws Exception {
    run(Way.SILENT);
    assertThat(contexts()).containsOnly(Map.entry("-", count));
    everyRequestOfTheShopIsACallOfNginx();
  }

  @Test
  void contextsThatTheAgentWritesReachTheNextServiceUnderTheIdsOfTheCall() throws Exception {
    assumeTrue(
        Propagation.refusal(new Bpf(Architecture.ofThisMachine()), Observation.kernelTypes())
            .isEmpty(),
        "the stack with propagation is skipped: this kernel refuses it");
    run(Way.WRITTEN);
    assertThat(contexts()).hasSize(count).doesNotContainKey("-");
    Map<Long, String> calls = new HashMap<>();
    for (StackSpan span : spans) {
      if (span.place().equals("nginx CLIENT")) {
        calls.put(span.number(), span.context());
      }
    }
    for (String line : Files.readAllLines(folder.resolve("shop.log"))) {
      assertThat(calls).containsEntry(Long.valueOf(line.split(" ")[0]), line.split(" ")[1]);
    }
    everyRequestOfTheShopIsACallOfNginx();
  }

  private void everyRequestOfTheShopIsACallOfNginx() {
    for (StackSpan span : spans) {
      StackSpan parent = byId.get(span.parent());
      switch (span.place()) {
        case "shop SERVER" -> assertThat(requireNonNull(parent).place()).isEqualTo("nginx CLIENT");
        case "orders SERVER" -> assertThat(requireNonNull(parent).place()).isEqualTo("shop CLIENT");
        case "nginx CLIENT", "nginx SERVER", "shop CLIENT" -> assertThat(span.parent()).isZero();
        default -> {}
      }
    }
  }

  /** The contexts that the shop was sent, and how often each. */
  private Map<String, Integer> contexts() throws IOException {
    Map<String, Integer> contexts = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("shop.log"))) {
      contexts.merge(line.split(" ")[1], 1, Integer::sum);
    }
    return contexts;
  }

  private void run(Way way) throws Exception {
    Process node =
        start(
            shared,
            processes,
            List.of(
                "node",
                resource("shop.js"),
                "" + SHOP,
                "" + ORDERS,
                way == Way.FORWARDED ? "forward" : "not",
                folder.resolve("shop.log").toString()));
    listening(SHOP);
    String bootstrap = requireNonNull(broker).bootstrap();
    Process consumer =
        start(
            shared,
            processes,
            java(StackPrograms.Consumer.class, bootstrap, "" + produced, "" + count));
    produced += count;
    ObserveConfig config =
        config(
            List.of(
                named(Selector.ofPorts("" + PORT), "nginx"),
                named(Selector.ofPorts("" + STORE), "redis"),
                named(Selector.ofPorts(bootstrap.substring(bootstrap.indexOf(':') + 1)), "broker"),
                named(Selector.ofProcess((int) requireNonNull(service).pid()), "orders"),
                named(Selector.ofProcess((int) node.pid()), "shop"),
                named(Selector.ofProcess((int) consumer.pid()), "consumer")));
    watch(way == Way.WRITTEN ? config.withPropagation() : config, way, consumer);
    parentsAreRight(way);
  }

  private static Selector named(Selector selector, String name) {
    return selector.named(Optional.of(name), Optional.empty());
  }

  private static ObserveConfig config(List<Selector> selectors) {
    ObserveConfig defaults = ObserveConfig.defaults();
    return new ObserveConfig(
        selectors,
        List.of(),
        defaults.routing(),
        defaults.sampler(),
        defaults.filter(),
        new CapturedHeaders(Set.of(NUMBER), Set.of(), Set.of(NUMBER)),
        defaults.exports(),
        new Limits(1 << 28, 1, 0),
        defaults.hook(),
        false);
  }

  private void watch(ObserveConfig config, Way way, Process consumer) throws Exception {
    SpanSink sink = span -> spans.add(StackSpan.of(span, NUMBER));
    try (Observation observation = Observation.open(config, List.of(sink))) {
      observation.agent().attach();
      Thread agent = Thread.ofPlatform().start(observation.agent()::run);
      try {
        long begin = System.nanoTime();
        StackLoad.run(PORT, count, clients, way == Way.FORWARDED);
        System.out.printf(
            "%s: %,d requests by %d clients, %,.0f a second%n",
            way, count, clients, count * 1e9 / (System.nanoTime() - begin));
        assertThat(consumer.waitFor(2, TimeUnit.MINUTES)).as("all consumed").isTrue();
      } finally {
        observation.agent().stop();
        agent.join();
      }
      System.out.println(way + " " + observation.agent().counters());
      assertThat(observation.agent().counters().lost()).isZero();
    }
  }

  /**
   * Every parent is one of the same request: by the number that both carry, or that the trace is.
   */
  private void parentsAreRight(Way way) {
    spans.forEach(span -> byId.put(span.id(), span));
    Map<String, Integer> kinds = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (StackSpan span : spans) {
      StackSpan parent = byId.get(span.parent());
      String kind = span.place() + " <- " + (parent == null ? "nobody" : parent.place());
      kinds.merge(kind, 1, Integer::sum);
      if (!isRight(span, parent, way)) {
        wrong.add(kind + " " + span);
      }
    }
    System.out.println(way + " " + kinds);
    assertThat(wrong).isEmpty();
    for (String place : List.of("nginx SERVER", "nginx CLIENT", "shop SERVER", "shop CLIENT")) {
      assertThat(spans.stream().filter(span -> span.place().equals(place)).map(StackSpan::number))
          .as(place)
          .hasSize(count)
          .doesNotHaveDuplicates();
    }
  }

  private static boolean isRight(StackSpan span, @Nullable StackSpan parent, Way way) {
    if (span.parent() == 0) {
      return true;
    }
    if (parent == null) {
      return way == Way.FORWARDED
          && span.parent() - CALLER == span.traceLow() - TRACE
          && (!span.isNumbered() || span.number() == span.traceLow() - TRACE);
    }
    boolean ofOneConnection =
        span.place().endsWith("SERVER")
            && parent.place().endsWith("CLIENT")
            && span.verb().equals(parent.verb())
            && !span.isNumbered()
            && !parent.isNumbered();
    boolean sameNumber = span.isNumbered() && span.number() == parent.number();
    boolean byTrace =
        way == Way.FORWARDED && parent.isNumbered() && parent.number() == span.traceLow() - TRACE;
    return parent.isOfTraceOf(span) && (sameNumber || ofOneConnection || byTrace);
  }
}
