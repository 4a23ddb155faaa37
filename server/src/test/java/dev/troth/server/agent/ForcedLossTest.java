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
      metadata: {name: shop, displayName: The shop answers}
      spec:
        service: shop
        steps:
          - name: answer
            match: {service: shop, kind: server}
        timeWindow:
          - {duration: 1h, isRolling: true}
        objectives:
          - {measure: availability, target: 0.9}
        alerting:
          conditions:
            - {severity: page, short: 1m, long: 5m, above: 6}
      """;

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

  /** Watches until its input ends; arguments: the shop's port, the receiver's, a file to make. */
  static final class SmallAgent {
    private SmallAgent() {}

    public static void main(String[] args) throws IOException {
      Otlp otlp =
          new Otlp(
              URI.create("http://127.0.0.1:" + args[1]),
              Otlp.Protocol.HTTP_PROTOBUF,
              Map.of(),
              true,
              true,
              Duration.ofMinutes(1));
      ObserveConfig config =
          ObserveConfig.defaults()
              .withInstrument(
                  List.of(Selector.ofPorts(args[0]).named(Optional.of("shop"), Optional.empty())))
              .withLimits(new Limits(1 << 16, 8_192, 0));
      SpanExporter spans = Exporters.spans(otlp, 8_192, System.err::println);
      SpanOutputs outputs =
          new SpanOutputs(List.of(spans), new RequestMetrics(), System.err::println);
      try (Observation observation = Observation.open(config, outputs)) {
        observation.agent().attach();
        MetricExporter heartbeat =
            Exporters.heartbeat(otlp, observation.agent(), spans::dropped, System.err::println);
        Files.createFile(Path.of(args[2]));
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              awaitEnd();
              observation.agent().stop();
            });
        observation.agent().run();
        spans.close();
        heartbeat.close();
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

  private Truth truth() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("access.log"));
    return new Truth(lines.size(), lines.stream().filter(line -> line.equals("503")).count());
  }

  private static JsonNode objective(TestPlatform platform) {
    return platform.get("/api/objectives/shop").json().get("objective");
  }

  @Test
  void theIntervalHoldsWhatTheServersLogTells() throws Exception {
    Optional<String> missing = Capabilities.missing();
    assumeTrue(missing.isEmpty(), () -> "kernel tests are skipped: " + missing.orElse(""));
    Path file = Files.writeString(folder.resolve("slo.yaml"), OBJECTIVE);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path ready = folder.resolve("ready");
    Process shop = java(Shop.class, port, folder.resolve("access.log"));
    try (TestPlatform platform =
        TestPlatform.start("slo.files", file.toString(), "slo.watermark", "5s")) {
      follow(platform);
      await().until(() -> listens(port));
      Process agent = java(SmallAgent.class, port, platform.port("otlp-http"), ready);
      try {
        await().until(() -> Files.exists(ready));
        // As many as the small ring holds, however late the agent reads it.
        ask(port, "/well", 20);
        await()
            .untilAsserted(() -> {
              follow(platform);
              assertThat(objective(platform).at("/requests/total").asLong()).isEqualTo(20);
            });
        assertThat(objective(platform).get("bounds").isNull())
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
            assertThat(objective(platform).at("/evidence/unseen/requests").asLong()).isPositive();
          });
      // All that the agent has sent is judged by then.
      platform.clock().advance(Duration.ofSeconds(30));
      await()
          .untilAsserted(() ->
              assertThat(objective(platform).at("/state").asString()).isNotEqualTo("no data"));
      JsonNode seen = objective(platform);
      Truth truth = truth();
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

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
