package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import dev.troth.server.kafka.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Partitions of spans move between platforms in the middle of requests. */
final class SpansMoveTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");
  private static final Pattern OWNED =
      Pattern.compile("troth_slo_kafka_lag\\{partition=\"(\\d+)\"}");
  private static final int PARTITIONS = 6;

  @TempDir Path folder;

  private String url = "";
  private final List<TestPlatform> replicas = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Broker broker;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
    broker = Broker.start(folder.resolve("broker"));
    broker.topic("spans", PARTITIONS);
    start();
    start();
  }

  @AfterEach
  void close() {
    replicas.forEach(TestPlatform::close);
    if (!url.isEmpty()) {
      broker.close();
      TestPostgres.drop(url);
    }
  }

  private void start() {
    replicas.add(
        TestPlatform.start(
            "store.url",
            url,
            "slo.files",
            FILE.toString(),
            "slo.watermark",
            "5s",
            "telemetry.kafka.bootstrap",
            broker.bootstrap(),
            "telemetry.kafka.topic",
            "spans"));
  }

  private static Set<Integer> owned(TestPlatform replica) {
    return OWNED
        .matcher(replica.get("/metrics").body())
        .results()
        .map(found -> Integer.valueOf(found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Each partition is at one of them, and each of them has some. */
  private void awaitShared() {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> {
          List<Set<Integer>> shares = replicas.stream().map(SpansMoveTest::owned).toList();
          assertThat(shares).noneMatch(Set::isEmpty);
          assertThat(shares.stream().mapToInt(Set::size).sum()).isEqualTo(PARTITIONS);
        });
  }

  private void awaitOpen(HalvedOrders orders) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() ->
            assertThat(rows("SELECT count(DISTINCT trace_id) FROM open_request"))
                .isEqualTo(orders.total()));
  }

  private long rows(String sql) {
    return replicas
        .getFirst()
        .database()
        .read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private void pass(int seconds) {
    replicas.forEach(replica -> replica.clock().advance(Duration.ofSeconds(seconds)));
  }

  private void awaitCounts(HalvedOrders orders) {
    for (TestPlatform replica : replicas) {
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> {
            JsonNode objective = objective(replica);
            assertThat(objective.at("/requests/total").asInt()).isEqualTo(orders.total());
            assertThat(objective.at("/requests/bad").asInt()).isEqualTo(orders.bad());
            assertThat(objective.at("/requests/unknown").asInt(-1)).isZero();
          });
    }
  }

  private static JsonNode objective(TestPlatform replica) {
    for (JsonNode one : replica.get("/api/objectives").json().get("objectives")) {
      if (one.get("name").asString().equals("orders")) {
        return one;
      }
    }
    throw new AssertionError("there is no objective orders");
  }

  @Test
  void requestsWhosePartitionMovesBetweenTheirSpansCountAsIfNothingHadMoved() {
    awaitShared();
    HalvedOrders orders = new HalvedOrders(replicas);
    orders.begin(60);
    awaitOpen(orders);
    List<Set<Integer>> before = replicas.stream().map(SpansMoveTest::owned).toList();
    // One more comes: partitions go to it while their requests are half there.
    start();
    awaitShared();
    assertThat(replicas.stream().limit(2).map(SpansMoveTest::owned).toList()).isNotEqualTo(before);
    orders.finish(30);
    orders.begin(30);
    awaitOpen(orders);
    // The first goes, who evaluates; its partitions and the evaluation go to others.
    replicas.removeFirst().close();
    awaitShared();
    orders.finish(60);
    awaitOpen(orders);
    pass(10);
    pass(65);
    awaitCounts(orders);
    await().untilAsserted(() -> assertThat(rows("SELECT count(*) FROM counted")).isZero());
  }
}
