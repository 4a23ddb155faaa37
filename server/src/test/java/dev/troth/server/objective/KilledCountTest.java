package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.breakdown.GroupedOrders;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import dev.troth.server.http.Json;
import dev.troth.server.kafka.Broker;
import dev.troth.server.objective.OrderTraces.Publish;
import dev.troth.testkit.Size;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The platform is killed at random moments while orders are sent; a sender that retries what was
 * not acknowledged finds each order counted exactly once.
 */
final class KilledCountTest {
  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init")
  private Process process;

  private List<String> more = List.of();
  private int api;
  private int otlp;

  /** What the process runs: a platform that writes its ports to a file. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      Map<String, String> settings =
          new HashMap<>(
              Map.of(
                  "data", args[0],
                  "slo.files", args[2],
                  "slo.watermark", "1s",
                  "http.listen", "0",
                  "registry.listen", "off",
                  "otlp.http", "0",
                  "otlp.grpc", "off"));
      for (int i = 3; i < args.length; i += 2) {
        settings.put(args[i], args[i + 1]);
      }
      Platform platform = Main.start(Config.load(Inputs.flagsOnly(settings)), Clock.systemUTC());
      Path ports = Path.of(args[1]);
      Path unfinished = ports.resolveSibling("ports.new");
      Files.writeString(
          unfinished,
          platform.port("http").orElseThrow() + " " + platform.port("otlp-http").orElseThrow());
      Files.move(unfinished, ports);
      Thread.currentThread().join();
    }
  }

  private void start() throws IOException {
    Path ports = folder.resolve("ports");
    Files.deleteIfExists(ports);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.resolve("data").toString(),
                ports.toString(),
                GroupedOrders.file(folder, "{attribute: tenant, limit: 3}").toString()));
    command.addAll(more);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ports) || !process.isAlive());
    assertThat(ports).as(Files.readString(folder.resolve("log"))).exists();
    String[] numbers = Files.readString(ports).split(" ", 2);
    api = Integer.parseInt(numbers[0]);
    otlp = Integer.parseInt(numbers[1]);
  }

  private JsonNode requests() throws IOException, InterruptedException {
    return objective("orders").get("objective").get("requests");
  }

  private JsonNode objective(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + api + "/api/objectives/" + path);
    byte[] body =
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray()).body();
    return Json.mapper().readTree(body);
  }

  @Test
  void everyAcknowledgedOrderCountsExactlyOnce() throws Exception {
    killAndCount();
  }

  @Test
  void everyAcknowledgedOrderCountsExactlyOnceWhenSpansGoByKafka() throws Exception {
    // A killed platform leaves the group as soon as the broker allows.
    Path properties =
        Files.writeString(folder.resolve("kafka.properties"), "session.timeout.ms=6000\n");
    try (Broker broker = Broker.start(folder.resolve("broker"))) {
      broker.topic("troth-spans", 4);
      more =
          List.of(
              "telemetry.kafka.bootstrap",
              broker.bootstrap(),
              "telemetry.kafka.properties",
              properties.toString());
      killAndCount();
    }
  }

  private void killAndCount() throws Exception {
    RandomGenerator random = RandomGenerator.getDefault();
    OrderTraces orders = new OrderTraces(client, () -> otlp, InstantSource.system());
    int kills = Size.count(2, 12);
    int sent = 0;
    start();
    try {
      for (int kill = 0; kill <= kills; kill++) {
        for (int batch = random.nextInt(3, 30); batch > 0; batch--) {
          var request = ExportTraceServiceRequest.newBuilder();
          for (int i = 0; i < 10; i++) {
            orders.order(
                request, ++sent, i == 0 ? Publish.REFUSED : Publish.TAKEN, "tenant-" + i % 5);
          }
          Process victim = process;
          // The last batch of a round is under way when the process dies.
          Thread killer =
              batch == 1 && kill < kills
                  ? Thread.ofVirtual().start(victim::destroyForcibly)
                  : Thread.ofVirtual().unstarted(() -> {});
          boolean acknowledged = acknowledged(orders, request.build());
          if (batch == 1 && kill < kills) {
            killer.join();
            victim.onExit().join();
            start();
          }
          if (!acknowledged) {
            assertThat(acknowledged(orders, request.build())).isTrue();
          }
        }
      }
      int expected = sent;
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> {
            assertThat(requests().get("total").asInt()).isEqualTo(expected);
            assertThat(requests().get("bad").asInt()).isEqualTo(expected / 10);
            groupsAreRight(expected);
          });
    } finally {
      process.destroyForcibly().onExit().join();
      client.shutdownNow();
    }
  }

  /** Three of five tenants have groups, whichever came first; the others are counted together. */
  private void groupsAreRight(int expected) throws IOException, InterruptedException {
    Map<String, Integer> total = new TreeMap<>();
    Map<String, Integer> bad = new TreeMap<>();
    for (JsonNode group : objective("orders/groups").get("groups")) {
      total.put(group.get("group").asString(), group.at("/requests/total").asInt());
      bad.put(group.get("group").asString(), group.at("/requests/bad").asInt());
    }
    assertThat(total).hasSize(4).containsKey("(others)");
    total.forEach((name, count) -> {
      boolean isNamed = name.startsWith("tenant-");
      assertThat(count).as(name).isEqualTo(expected / 5 * (isNamed ? 1 : 2));
    });
    String failing = total.containsKey("tenant-0") ? "tenant-0" : "(others)";
    bad.forEach((name, count) ->
        assertThat(count).as(name).isEqualTo(name.equals(failing) ? expected / 10 : 0));
  }

  private static boolean acknowledged(OrderTraces orders, ExportTraceServiceRequest request) {
    try {
      return orders.send(request).statusCode() == 200;
    } catch (UncheckedIOException died) {
      return false;
    }
  }
}
