package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.console.site.Site;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.stream.StreamReader;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What one replica does, the other shows: in its order, and soon. */
final class ReplicaViewsTest {
  @TempDir Path folder;

  private String url = "";
  private final List<TestPlatform> replicas = new ArrayList<>();

  @BeforeEach
  void open() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
  }

  @AfterEach
  void close() {
    replicas.forEach(TestPlatform::close);
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  private TestPlatform start(String... more) {
    List<String> settings = new ArrayList<>(List.of("store.url", url));
    settings.addAll(List.of(more));
    TestPlatform replica = TestPlatform.start(settings.toArray(String[]::new));
    replicas.add(replica);
    return replica;
  }

  private static void update(TestPlatform replica, String value, String... headers) {
    Answer answer = replica.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value), headers);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static String value(StreamReader.Event event) {
    return event.data().at("/after/value").asString();
  }

  @Test
  void aPageOfOneReplicaIsNeverOlderThanWhatTheOtherHasAnswered() {
    TestPlatform first = start();
    TestPlatform second = start();
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    for (int i = 0; i < 30; i++) {
      update(first, "value %d of the race".formatted(i));
      for (String path : List.of("/records/1", "/")) {
        assertThat(second.get(path, "Accept", "text/html").body())
            .contains("value %d of the race".formatted(i));
      }
      String target = "{\"target\":\"order/%d\"}".formatted(i);
      assertThat(second.post("/api/watches", target).status()).isEqualTo(201);
      assertThat(first.get("/records/1", "Accept", "text/html").body())
          .contains("\"watches\":%d,".formatted(i + 1));
    }
  }

  @Test
  void aStreamTellsOfBothReplicasChangesInTheirOrderAndGoesOnAtTheOther() {
    TestPlatform first = start();
    update(first, "before the other");
    TestPlatform second = start();
    String position = "";
    try (StreamReader stream = StreamReader.open(first, "/api/stream")) {
      assertThat(stream.next().name()).isEqualTo("hello");
      for (int i = 0; i < 20; i++) {
        update(i % 2 == 0 ? first : second, "v" + i);
      }
      for (int i = 0; i < 20; i++) {
        StreamReader.Event event = stream.next();
        assertThat(value(event)).isEqualTo("v" + i);
        position = i == 7 ? event.id() : position;
      }
    }
    try (StreamReader resumed =
        StreamReader.open(second, "/api/stream", "Last-Event-ID", position)) {
      assertThat(resumed.next().name()).isEqualTo("hello");
      for (int i = 8; i < 20; i++) {
        assertThat(value(resumed.next())).isEqualTo("v" + i);
      }
    }
  }

  @Test
  void whatOneWroteTheOtherHasInItsInboxItsMarksAndItsAnswers() {
    TestPlatform first = start();
    TestPlatform second = start();
    String wish = "{\"user\":\"ann\",\"target\":\"record/1\"}";
    assertThat(first.post("/api/watches", wish).status()).isEqualTo(201);
    update(second, "seen");
    await().untilAsserted(() -> assertThat(unread(first)).isEqualTo(1).isEqualTo(unread(second)));
    String etag = second.get("/api/inbox?user=ann").header("ETag");
    assertThat(second.get("/api/inbox?user=ann", "If-None-Match", etag).status()).isEqualTo(304);
    long seq = second.get("/api/inbox?user=ann").json().at("/items/0/seq").asLong();
    Answer read = first.post("/api/inbox/" + seq + "/read?user=ann", "{}");
    assertThat(read.status()).as(read.body()).isLessThan(300);
    assertThat(unread(second)).isZero();
    await()
        .untilAsserted(() ->
            assertThat(second.get("/api/inbox?user=ann", "If-None-Match", etag).status())
                .isEqualTo(200));
  }

  private static int unread(TestPlatform replica) {
    return replica.get("/api/inbox?user=ann").json().get("unread").asInt();
  }

  @Test
  void anIdempotencyKeyHoldsAtBothReplicas() {
    TestPlatform first = start();
    TestPlatform second = start();
    String body = "{\"name\":\"n\",\"value\":\"v\"}";
    Answer made = first.post("/api/records", body, "Idempotency-Key", "k1");
    Answer again = second.post("/api/records", body, "Idempotency-Key", "k1");
    assertThat(made.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(made.body());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    Answer other = second.post("/api/records", body.replace("v", "w"), "Idempotency-Key", "k1");
    assertThat(other.status()).isEqualTo(422);
  }

  @Test
  void aTokenIsOneForAllAndEndsAtAllWithItsStreams() {
    TestPlatform first = start("auth.mode", "token");
    TestPlatform second = start("auth.mode", "token");
    String[] owner = {"Authorization", "Bearer " + first.ownersToken()};
    JsonNode issued =
        first
            .post("/api/tokens", "{\"user\":\"ann\",\"role\":\"admin\",\"life\":\"1h\"}", owner)
            .json();
    String[] ann = {"Authorization", "Bearer " + issued.path("token").asString()};
    assertThat(second.get("/api/me", ann).status()).isEqualTo(200);
    try (StreamReader stream = StreamReader.open(second, "/api/stream", ann)) {
      assertThat(stream.next().name()).isEqualTo("hello");
      update(second, "before", owner);
      // Her own token may be among what the other replica hears first.
      await().until(() -> value(stream.next()).equals("before"));
      String id = issued.path("id").asString();
      assertThat(first.delete("/api/tokens/" + id, owner).status()).isEqualTo(204);
      // Nothing of what came after: not even that the token was revoked.
      assertThat(stream.rest()).isEmpty();
    }
    assertThat(second.get("/api/me", ann).status()).isEqualTo(401);
  }

  @Test
  void aReplicaThatHearsNothingAsksWhetherATokenWasRevoked() throws Exception {
    TestPlatform first = start("auth.mode", "token");
    String[] owner = {"Authorization", "Bearer " + first.ownersToken()};
    JsonNode issued =
        first
            .post("/api/tokens", "{\"user\":\"ann\",\"role\":\"reader\",\"life\":\"1h\"}", owner)
            .json();
    String[] ann = {"Authorization", "Bearer " + issued.path("token").asString()};
    assertThat(first.get("/api/me", ann).status()).isEqualTo(200);
    // A revocation whose news never come, and a replica whose news cannot be read.
    TestPostgres.execute(url, "ALTER TABLE replica_news RENAME TO news_elsewhere");
    TestPostgres.execute(
        url,
        "INSERT INTO revocation VALUES ('%s', 'x', '2026-03-01', '2027-03-01')"
            .formatted(issued.path("id").asString()));
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(first.get("/api/me", ann).status()).isEqualTo(401));
    } finally {
      TestPostgres.execute(url, "ALTER TABLE news_elsewhere RENAME TO replica_news");
    }
  }

  @Test
  void aFolderWithAnotherSigningKeyIsRefusedAndOneWithoutGetsThatOfAll() throws IOException {
    TestPlatform first = start();
    TestPlatform second = start();
    assertThat(Files.readString(SigningKey.fileIn(second.folder())))
        .isEqualTo(Files.readString(SigningKey.fileIn(first.folder())));
    SigningKey.replace(SigningKey.fileIn(folder), new SecureRandom());
    assertThatThrownBy(() -> start("data", folder.toString()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("is not the one of the platforms on this database");
  }

  @Test
  void whileOneHoldsItsTransactionOpenNobodyIsAheadOfItAndAfterwardsNobodyMissedIt()
      throws Exception {
    TestPlatform first = start("watch.webhooks.allow", "127.0.0.0/8");
    TestPlatform second = start("watch.webhooks.allow", "127.0.0.0/8");
    try (WebhookReceivers receivers = new WebhookReceivers();
        StreamReader here = StreamReader.open(first, "/api/stream");
        StreamReader there = StreamReader.open(second, "/api/stream")) {
      assertThat(here.next().name()).isEqualTo("hello");
      assertThat(there.next().name()).isEqualTo("hello");
      String address =
          "{\"user\":\"ann\",\"channel\":\"webhook\",\"address\":\"%s\"}"
              .formatted(receivers.address("ann"));
      assertThat(first.post("/api/endpoints", address).status()).isEqualTo(201);
      String wish =
          "{\"user\":\"ann\",\"target\":\"record/*\",\"channels\":[\"inbox\",\"webhook\"]}";
      assertThat(first.post("/api/watches", wish).status()).isEqualTo(201);
      long before = newest(second);

      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch commit = new CountDownLatch(1);
      SqliteChangeLog log =
          new SqliteChangeLog(first.database(), first.clock(), SqliteFanOutStore::begin);
      CompletableFuture<Long> held =
          CompletableFuture.supplyAsync(
              () ->
                  first
                      .database()
                      .write(handle -> {
                        var change =
                            log.append(
                                handle,
                                NewChange.of(new Subject("record", "2"), "held", "somebody"));
                        written.countDown();
                        awaitQuietly(commit);
                        return change.seq();
                      }),
              Thread::startVirtualThread);
      assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Void> later =
          CompletableFuture.runAsync(() -> update(second, "later"), Thread::startVirtualThread);
      await()
          .atMost(Duration.ofSeconds(7))
          .untilAsserted(() -> {
            assertThat(later).as("the write at the other replica").isNotDone();
            assertThat(somebodyWaits()).isTrue();
          });
      assertThat(later).isNotDone();
      assertThat(newest(second)).isEqualTo(before);
      assertThat(unread(second)).isZero();
      commit.countDown();
      later.get(10, TimeUnit.SECONDS);
      assertThat(held.get()).isEqualTo(before + 1);

      for (StreamReader stream : List.of(here, there)) {
        assertThat(nextOfARecord(stream)).isEqualTo(before + 1);
        assertThat(nextOfARecord(stream)).isEqualTo(before + 2);
      }
      await()
          .untilAsserted(() -> {
            assertThat(unread(first)).isEqualTo(2);
            assertThat(unread(second)).isEqualTo(2);
            assertThat(receivers.of("ann")).containsExactlyInAnyOrder("record/2 1", "record/1 1");
          });
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(8, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long newest(TestPlatform replica) {
    return replica.get("/api/subjects/changes?limit=1").json().at("/items/0/seq").asLong();
  }

  private static long nextOfARecord(StreamReader stream) {
    while (true) {
      StreamReader.Event event = stream.next();
      if (event.data().path("subject").asString().startsWith("record/")) {
        return event.data().path("seq").asLong();
      }
    }
  }

  private boolean somebodyWaits() {
    return replicas
            .getFirst()
            .database()
            .read(handle ->
                handle
                    .createQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .mapTo(Long.class)
                    .one())
        > 0;
  }
}
