package dev.troth.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.troth.observe.agent.Exporters;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.agent.SpanOutputs;
import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.config.Otlp;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.otlp.MetricExporter;
import dev.troth.observe.otlp.SpanExporter;
import dev.troth.server.TestPlatform;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * An agent with a small ring that is stopped while requests fail: its objective's interval holds
 * what the server's own log tells.
 */
final class ForcedLossTest {
  private static final String OBJECTIVE =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: %1$s, displayName: The shop answers}
      spec:
        service: %1$s
        steps:
          - name: answer
            match: {service: %1$s, kind: server}
        timeWindow:
          - {duration: 1h, isRolling: true}
        objectives:
          - {measure: availability, target: 0.9}
        alerting:
          conditions:
            - {severity: page, short: 1m, long: 5m, above: 6}
      """;

  private static final int SHOPS = 3;

  @TempDir private Path folder;

  /** Answers and logs one status a line; arguments: port, log. */
  static final class Shop {
    private Shop() {}

    public static void main(String[] args) throws IOException {
      Path log = Path.of(args[1]);
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
              64);
      server.createContext(
          "/",
          exchange -> {
            int status = exchange.getRequestURI().getPath().startsWith("/broken") ? 503 : 200;
            Files.writeString(
                log, status + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
          });
      server.start();
    }
  }

  /**
   * Watches until its input ends; arguments: the receiver's port, a file to make when it watches
   * and to which it then writes how many spans it has sent, and a name and a port for each shop.
   */
  static final class SmallAgent {
    private SmallAgent() {}

    public static void main(String[] args) throws IOException {
      Otlp otlp =
          new Otlp(
              URI.create("http://127.0.0.1:" + args[0]),
              Otlp.Protocol.HTTP_PROTOBUF,
              Map.of(),
              true,
              true,
              Duration.ofMinutes(1));
      List<Selector> shops = new ArrayList<>();
      for (int i = 2; i < args.length; i += 2) {
        shops.add(Selector.ofPorts(args[i + 1]).named(Optional.of(args[i]), Optional.empty()));
      }
      ObserveConfig config =
          ObserveConfig.defaults().withInstrument(shops).withLimits(new Limits(1 << 16, 8_192, 0));
      SpanExporter spans = Exporters.spans(otlp, 8_192, System.err::println);
      SpanOutputs outputs =
          new SpanOutputs(List.of(spans), new RequestMetrics(), System.err::println);
      try (Observation observation = Observation.open(config, outputs)) {
        observation.agent().attach();
        MetricExporter heartbeat =
            Exporters.heartbeat(otlp, observation.agent(), spans::dropped, System.err::println);
        Files.createFile(Path.of(args[1]));
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              awaitEnd();
              observation.agent().stop();
            });
        observation.agent().run();
        spans.close();
        heartbeat.close();
        long sent = observation.agent().counters().spans() - spans.counters().dropped();
        Files.writeString(Path.of(args[1]), Long.toString(sent));
      }
    }

    private static void awaitEnd() {
      try {
        System.in.readAllBytes();
      } catch (IOException closed) {
        // that is an end, too
      }
    }
  }

  private Process java(Class<?> main, Object... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(main.getSimpleName() + ".log").toFile())
        .start();
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }

  private static void ask(int port, String path, int count) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      byte[] request =
          ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < count; i++) {
        socket.getOutputStream().write(request);
        StringBuilder response = new StringBuilder();
        while (!response.toString().endsWith("\r\n\r\nok")) {
          int next = socket.getInputStream().read();
          assertThat(next).as("a byte of the response").isNotNegative();
          response.append((char) next);
        }
      }
    }
  }

  private static void follow(TestPlatform platform) {
    Duration behind = Duration.between(platform.clock().instant(), Instant.now());
    if (behind.isPositive()) {
      platform.clock().advance(behind);
    }
  }

  private record Truth(long total, long bad) {
    double share() {
      return (double) (total - bad) / total;
    }
  }

  private Truth truth(String shop) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(shop + ".log"));
    return new Truth(lines.size(), lines.stream().filter(line -> line.equals("503")).count());
  }

  private static JsonNode objective(TestPlatform platform, String shop) {
    return platform.get("/api/objectives/" + shop).json().get("objective");
  }

  @Test
  void theIntervalHoldsWhatTheServersLogTells() throws Exception {
    requirePrivilege();
    Path file = Files.writeString(folder.resolve("slo.yaml"), OBJECTIVE.formatted("shop"));
    int port = freePort();
    Path ready = folder.resolve("ready");
    Process shop = java(Shop.class, port, folder.resolve("shop.log"));
    try (TestPlatform platform =
        TestPlatform.start("slo.files", file.toString(), "slo.watermark", "5s")) {
      follow(platform);
      await().until(() -> listens(port));
      Process agent = java(SmallAgent.class, platform.port("otlp-http"), ready, "shop", port);
      try {
        await().until(() -> Files.exists(ready));
        // As many as the small ring holds, however late the agent reads it.
        ask(port, "/well", 20);
        await()
            .untilAsserted(() -> {
              follow(platform);
              assertThat(objective(platform, "shop").at("/requests/total").asLong()).isEqualTo(20);
            });
        assertThat(objective(platform, "shop").get("bounds").isNull())
            .as("nothing is missing: the figure is exact")
            .isTrue();
        signal(agent, "STOP");
        ask(port, "/broken", 1_500);
        signal(agent, "CONT");
        ask(port, "/well", 50);
        agent.getOutputStream().close();
        assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
      } finally {
        agent.destroyForcibly();
      }
      await()
          .untilAsserted(() -> {
            follow(platform);
            assertThat(objective(platform, "shop").at("/evidence/unseen/requests").asLong())
                .isPositive();
          });
      // All that the agent has sent is judged by then.
      platform.clock().advance(Duration.ofSeconds(30));
      await()
          .untilAsserted(() ->
              assertThat(objective(platform, "shop").at("/state").asString())
                  .isNotEqualTo("no data"));
      JsonNode seen = objective(platform, "shop");
      Truth truth = truth("shop");
      System.out.printf(
          "%,d of %,d failed by the log, %s of %s by the agent, at most %s not seen: %s%n",
          truth.bad,
          truth.total,
          seen.at("/requests/bad"),
          seen.at("/requests/total"),
          seen.at("/evidence/unseen/requests"),
          seen.get("bounds"));
      long told = seen.at("/requests/total").asLong();
      assertThat(told).as("losses were forced").isLessThan(truth.total);
      assertThat(truth.share())
          .isBetween(seen.at("/bounds/low").asDouble(), seen.at("/bounds/high").asDouble());
      assertThat(seen.at("/availability").asDouble())
          .as("without the interval the figure would be wrong")
          .isGreaterThan(truth.share());
      assertThat(seen.at("/evidence/unseen/requests").asLong())
          .isGreaterThanOrEqualTo(truth.total - told);
    } finally {
      shop.destroyForcibly();
    }
  }

  /**
   * Requests that fail and others, on connections that are kept and not, to several shops in turns,
   * while the agent is stopped and while it is not: whose events the ring had room for is chance.
   */
  @Test
  void theIntervalOfEachServiceHoldsTheTruthWhereverTheLossesFall() throws Exception {
    requirePrivilege();
    Map<String, Integer> shops = new TreeMap<>();
    List<String> files = new ArrayList<>();
    for (int i = 0; i < SHOPS; i++) {
      String shop = "shop" + i;
      shops.put(shop, freePort());
      Path file = folder.resolve(shop + ".yaml");
      files.add(Files.writeString(file, OBJECTIVE.formatted(shop)).toString());
    }
    long seed = new Random().nextInt(1 << 30);
    for (int i = 0; i < Size.count(1, 20); i++) {
      System.out.println("seed " + (seed + i));
      losses(shops, String.join(",", files), new Random(seed + i));
    }
  }

  private void losses(Map<String, Integer> shops, String files, Random random) throws Exception {
    Path ready = folder.resolve("ready");
    Files.deleteIfExists(ready);
    List<Process> processes = new ArrayList<>();
    try (TestPlatform platform = TestPlatform.start("slo.files", files, "slo.watermark", "5s")) {
      follow(platform);
      List<Object> arguments = new ArrayList<>(List.of(platform.port("otlp-http"), ready));
      for (var shop : shops.entrySet()) {
        Path log = folder.resolve(shop.getKey() + ".log");
        Files.deleteIfExists(log);
        processes.add(java(Shop.class, shop.getValue(), log));
        arguments.addAll(List.of(shop.getKey(), shop.getValue()));
        await().until(() -> listens(shop.getValue()));
      }
      Process agent = java(SmallAgent.class, arguments.toArray());
      processes.add(agent);
      await().until(() -> Files.exists(ready));
      traffic(agent, List.copyOf(shops.values()), random);
      agent.getOutputStream().close();
      assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
      long sent = Long.parseLong(Files.readString(ready));
      follow(platform);
      platform.clock().advance(Duration.ofSeconds(30));
      await()
          .untilAsserted(() -> {
            long told = 0;
            for (String shop : shops.keySet()) {
              told += objective(platform, shop).at("/requests/total").asLong();
            }
            assertThat(told).as("what was sent is judged").isEqualTo(sent);
          });
      long missed = 0;
      for (String shop : shops.keySet()) {
        missed += holds(objective(platform, shop), truth(shop));
      }
      assertThat(missed).as("losses were forced").isPositive();
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** Leaves the agent running. */
  private static void traffic(Process agent, List<Integer> ports, Random random) throws Exception {
    boolean stopped = false;
    for (int phase = 0; phase < 12 || stopped; phase++) {
      if (phase == 6 || random.nextInt(3) == 0) {
        stopped = phase == 6 || !stopped;
        signal(agent, stopped ? "STOP" : "CONT");
      }
      int share = random.nextInt(11);
      for (int turn = 0; turn < 20; turn++) {
        String path = random.nextInt(10) < share ? "/broken" : "/well";
        int port = ports.get(random.nextInt(ports.size()));
        ask(port, path, 1 + random.nextInt(phase == 6 ? 60 : 15));
      }
    }
  }

  /** How many requests the agent has missed; what it tells must leave room for all of them. */
  private static long holds(JsonNode seen, Truth truth) {
    long told = seen.at("/requests/total").asLong();
    long unseen = seen.at("/evidence/unseen/requests").asLong();
    System.out.printf(
        "%,d of %,d failed by the log, %s of %,d by the agent, at most %,d not seen: %s%n",
        truth.bad, truth.total, seen.at("/requests/bad"), told, unseen, seen.get("bounds"));
    assertThat(told).as("told twice or of nobody").isLessThanOrEqualTo(truth.total);
    assertThat(unseen).as("what may be missing at most").isGreaterThanOrEqualTo(truth.total - told);
    boolean exact = seen.get("bounds").isNull();
    double low = exact ? seen.at("/availability").asDouble() : seen.at("/bounds/low").asDouble();
    double high = exact ? seen.at("/availability").asDouble() : seen.at("/bounds/high").asDouble();
    assertThat(truth.share()).as("%s", seen).isBetween(low - 1e-9, high + 1e-9);
    return truth.total - told;
  }

  private static void requirePrivilege() {
    Optional<String> missing = Capabilities.missing();
    assumeTrue(missing.isEmpty(), () -> "kernel tests are skipped: " + missing.orElse(""));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
