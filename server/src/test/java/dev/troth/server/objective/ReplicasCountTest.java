package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import dev.troth.server.breakdown.GroupedOrders;
import dev.troth.server.objective.OrderTraces.Publish;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Spans of one request arrive at several replicas, and the request counts once. */
final class ReplicasCountTest {
  @TempDir private Path folder;

  private String url = "";
  private final List<TestPlatform> replicas = new ArrayList<>();
  private long number;

  @BeforeEach
  void open() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
    start();
    start();
  }

  @AfterEach
  void close() {
    replicas.forEach(TestPlatform::close);
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  private void start() {
    String file = GroupedOrders.file(folder, "{attribute: tenant}").toString();
    replicas.add(TestPlatform.start("store.url", url, "slo.files", file, "slo.watermark", "5s"));
  }

  /** One order, whose services send to replicas of their own. */
  private void scattered(Publish publish) {
    var whole = ExportTraceServiceRequest.newBuilder();
    sender(0).order(whole, ++number, publish, "tenant-" + number % 4);
    for (int i = 0; i < whole.getResourceSpansCount(); i++) {
      int to = (int) ((i + number) % replicas.size());
      var part =
          ExportTraceServiceRequest.newBuilder()
              .addResourceSpans(whole.getResourceSpans(i))
              .build();
      assertThat(sender(to).send(part).statusCode()).isEqualTo(200);
    }
  }

  private OrderTraces sender(int replica) {
    return new OrderTraces(replicas.get(replica));
  }

  private void pass(int seconds) {
    replicas.forEach(replica -> replica.clock().advance(Duration.ofSeconds(seconds)));
  }

  private void awaitCounts(int total, int bad) {
    for (TestPlatform replica : replicas) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            JsonNode requests = objective(replica).get("requests");
            assertThat(requests.get("total").asInt()).isEqualTo(total);
            assertThat(requests.get("bad").asInt()).isEqualTo(bad);
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

  private long waiting() {
    return replicas
        .getFirst()
        .database()
        .read(handle ->
            handle.createQuery("SELECT count(*) FROM handed_over").mapTo(Long.class).one());
  }

  @Test
  void aRequestWhoseSpansArriveAtTwoReplicasCountsOnceAndBothSayTheSame() {
    for (int i = 0; i < 12; i++) {
      scattered(i % 4 == 0 ? Publish.REFUSED : Publish.TAKEN);
    }
    await().untilAsserted(() -> assertThat(waiting()).isZero());
    pass(70);
    // Whoever counts looks at the clock by itself; a page asks on either.
    awaitCounts(12, 3);
    assertThat(groups(1)).hasSize(4).isEqualTo(groups(0));
    assertThat(groups(0).get(0).get("group").asString()).isEqualTo("tenant-1");
    assertThat(groups(0).get(0).at("/requests/bad").asInt()).isEqualTo(3);
    assertThat(traces(1).get("traces")).hasSize(12).isEqualTo(traces(0).get("traces"));
  }

  private JsonNode groups(int replica) {
    return replicas.get(replica).get("/api/objectives/orders/groups").json().get("groups");
  }

  private JsonNode traces(int replica) {
    return replicas.get(replica).get("/api/traces").json();
  }

  @Test
  void whenTheOneThatCountsEndsAnotherGoesOnWithWhatWasAcknowledged() {
    for (int i = 0; i < 6; i++) {
      scattered(Publish.TAKEN);
    }
    scattered(Publish.REFUSED);
    // The last are not judged yet: their watermark has not passed.
    replicas.removeFirst().close();
    start();
    for (int i = 0; i < 5; i++) {
      scattered(Publish.TAKEN);
    }
    pass(10);
    await().untilAsserted(() -> assertThat(waiting()).isZero());
    pass(70);
    awaitCounts(12, 1);
    int total = 0;
    for (JsonNode group : groups(0)) {
      total += group.at("/requests/total").asInt();
    }
    assertThat(total).isEqualTo(12);
  }
}
