package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.ConsoleLines.Written;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Platforms in processes of their own on one database, killed and stopped under load: nothing that
 * one of them acknowledged is lost, and every watcher is told in order.
 */
final class ReplicasTest {
  private static final int REPLICAS = 3;
  private static final int WRITERS = 4;
  private static final int CROWD = Size.count(300, 50_000);
  private static final int RECEIVERS = 3;
  private static final int PAGE = 500;

  /** Changes of each record, written at once. */
  private static final int BURST = 10;

  /** As many deliveries as are under way at once. */
  private static final int UNDER_WAY = 64;

  /** How often the record that the crowd watches may change between two kills. */
  private static final int CROWD_CHANGES = Size.count(1_000, 1);

  @TempDir Path folder;

  private String url = "";
  private ReplicaTable table = new ReplicaTable("");
  private WebhookReceivers receivers;
  private int crowd = CROWD;
  private final PlatformProcess[] replicas = new PlatformProcess[REPLICAS];
  private final Set<String> attempted = ConcurrentHashMap.newKeySet();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Semaphore crowdChanges = new Semaphore(0);
  private volatile boolean writing;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
    table = new ReplicaTable(url);
    receivers = new WebhookReceivers();
  }

  @AfterEach
  void close() {
    writing = false;
    for (PlatformProcess replica : replicas) {
      if (replica != null) {
        replica.kill();
      }
    }
    if (!url.isEmpty()) {
      receivers.close();
      TestPostgres.drop(url);
    }
  }

  private void start(int replica) throws IOException {
    replicas[replica] =
        PlatformProcess.start(
            Files.createDirectories(folder(replica)),
            "store.url",
            url,
            "watch.webhooks.allow",
            "127.0.0.0/8",
            "limits.rate",
            "100000");
  }

  private Path folder(int replica) {
    return folder.resolve("replica" + replica);
  }

  @Test
  void killedOneAfterTheOtherTheyKeepWhatAnyAcknowledgedAndTellEveryWatcherInOrder()
      throws Exception {
    int kills = Size.count(3, 50);
    SplittableRandom random = random(kills + " kills");
    for (int replica = 0; replica < REPLICAS; replica++) {
      start(replica);
    }
    long firstTold = watchers(replicas[0]);
    List<Thread> writers = write(random, REPLICAS);
    for (int kill = 0; kill < kills; kill++) {
      crowdChanges.release(CROWD_CHANGES);
      // The moment of the kill is the point of this test, and no condition can name it.
      TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(1_000));
      int victim = random.nextInt(REPLICAS);
      replicas[victim].kill();
      start(victim);
    }
    writing = false;
    for (Thread writer : writers) {
      writer.join();
    }
    Map<Long, Written> log = history(replicas[random.nextInt(REPLICAS)]);
    assertThat(without(acknowledged, values(log))).as("acknowledged and lost").isEmpty();
    assertThat(without(values(log), attempted)).as("kept, but never written").isEmpty();
    assertThat(values(log)).as("no write twice").hasSize(log.size());
    assertVersionsHaveNoGap(log);
    awaitTold(log, firstTold);
    int toldAgain = lines(log).repeated();
    System.out.printf(
        "%d of %d writes acknowledged; told again after kills: %d lines, %d webhooks%n",
        acknowledged.size(), attempted.size(), toldAgain, repeatedWebhooks());
    assertThat(toldAgain).as("a page a kill").isLessThanOrEqualTo(kills * PAGE);
    assertThat(repeatedWebhooks()).isLessThanOrEqualTo(kills * UNDER_WAY);
    assertWebhooksInOrder();
  }

  @Test
  void oneThatStoodStillPastItsLeaseSendsNothingAgainAndComesBackUnderAnotherNumber()
      throws Exception {
    // So many that it stands still in the middle of them.
    crowd = Math.max(2_000, CROWD);
    start(0);
    start(1);
    long firstTold = watchers(replicas[0]);
    // Both have work in hand: parts of it are each one's.
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> table.holders().size() == 2);
    Set<Long> before = table.holders();
    int still = holderOf("record/1");
    PlatformProcess other = replicas[1 - still];
    for (int i = 0; i < BURST; i++) {
      for (int record = 1; record <= WRITERS; record++) {
        String value = "burst%d-%d".formatted(record, i);
        attempted.add(value);
        assertThat(post(other, record, value)).isEqualTo(200);
        acknowledged.add(value);
      }
    }
    replicas[still].signal("STOP");
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> table.holders().size() == 1 && table.isToldToTheEnd());
    } finally {
      replicas[still].signal("CONT");
    }
    // Whoever holds parts now, one of them under a number that nobody had before.
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> table.holders().size() == 2 && !before.containsAll(table.holders()));
    attempted.add("back");
    assertThat(post(replicas[still], 1, "back")).isEqualTo(200);
    Map<Long, Written> log = history(replicas[still]);
    assertThat(without(acknowledged, values(log))).as("acknowledged and lost").isEmpty();
    assertThat(values(log)).as("no write twice").hasSize(log.size());
    awaitTold(log, firstTold);
    System.out.printf("%d lines again%n", lines(log).repeated());
    assertThat(lines(log).repeated()).as("a page at most").isLessThanOrEqualTo(PAGE);
    assertThat(repeatedWebhooks()).isLessThanOrEqualTo(UNDER_WAY);
    assertWebhooksInOrder();
  }

  private static SplittableRandom random(String what) {
    long seed = Long.getLong("troth.seed", System.nanoTime());
    System.out.printf("%s from seed %d%n", what, seed);
    return new SplittableRandom(seed);
  }

  /** Which replica tells the changes of a subject. */
  private int holderOf(String subject) throws SQLException, IOException {
    String title = table.holderOf(subject);
    for (int replica = 0; replica < REPLICAS; replica++) {
      Path id = folder(replica).resolve("data").resolve("replica.id");
      if (Files.exists(id) && Files.readString(id).strip().equals(title)) {
        return replica;
      }
    }
    throw new AssertionError("no replica is " + title);
  }

  /** A crowd on the console of record 1, and a receiver on each of the others; who watches from. */
  private long watchers(PlatformProcess platform) throws Exception {
    for (int record = 2; record <= WRITERS; record++) {
      String body = "{\"name\":\"r\",\"value\":\"start%d\"}".formatted(record);
      attempted.add("start" + record);
      assertThat(platform.post("/api/records", "application/json", body)).isEqualTo(201);
    }
    for (int from = 0; from < crowd; from += 500) {
      List<String> entries = new ArrayList<>();
      for (int i = from; i < Math.min(crowd, from + 500); i++) {
        entries.add(entry("u" + i, "record/1", "console"));
      }
      String body = "{\"watches\":[" + String.join(",", entries) + "]}";
      assertThat(platform.post("/api/watches/bulk", "application/json", body)).isEqualTo(200);
    }
    for (int receiver = 0; receiver < RECEIVERS; receiver++) {
      String user = "r" + receiver;
      String address =
          "{\"user\":\"%s\",\"channel\":\"webhook\",\"address\":\"%s\"}"
              .formatted(user, receivers.address(user));
      assertThat(platform.post("/api/endpoints", "application/json", address)).isEqualTo(201);
      String watch = entry(user, "record/" + (2 + receiver), "webhook");
      assertThat(platform.post("/api/watches", "application/json", watch)).isEqualTo(201);
    }
    return platform.get("/api/subjects/changes?limit=1").at("/items/0/seq").asLong();
  }

  private static String entry(String user, String target, String channel) {
    return "{\"user\":\"%s\",\"target\":\"%s\",\"channels\":[\"%s\"]}"
        .formatted(user, target, channel);
  }

  private static int post(PlatformProcess platform, int record, String value)
      throws IOException, InterruptedException {
    return platform.post(
        "/api/update/" + record, "application/json", "{\"value\":\"%s\"}".formatted(value));
  }

  /** Writes to any of the replicas, until told to stop. */
  private List<Thread> write(SplittableRandom random, int among) {
    writing = true;
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int own = writer;
      SplittableRandom choices = random.split();
      writers.add(Thread.ofVirtual().start(() -> load(own, choices, among)));
    }
    return writers;
  }

  private void load(int writer, SplittableRandom random, int among) {
    for (int i = 0; writing; i++) {
      String value = "w%d-%d".formatted(writer, i);
      boolean crowded = random.nextInt(10) == 0 && crowdChanges.tryAcquire();
      int record = crowded ? 1 : 2 + random.nextInt(WRITERS - 1);
      attempted.add(value);
      try {
        if (post(replicas[random.nextInt(among)], record, value) == 200) {
          acknowledged.add(value);
        }
      } catch (IOException gone) {
        // It may have been written all the same.
      } catch (InterruptedException e) {
        return;
      }
      // The pace of the load: receivers get one version after the other.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(15));
    }
  }

  private static Map<Long, Written> history(PlatformProcess platform) throws Exception {
    Map<Long, Written> log = new TreeMap<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/subjects/changes?limit=200" + before);
      for (JsonNode change : page.get("items")) {
        if (change.get("subject").asString().startsWith("record/")) {
          log.put(
              change.get("seq").asLong(),
              new Written(
                  change.get("subject").asString(),
                  change.get("version").asLong(),
                  change.at("/after/value").asString()));
        }
      }
      if (!page.has("next")) {
        return log;
      }
      before = "&before=" + page.get("next").asLong();
    }
  }

  private static Set<String> values(Map<Long, Written> log) {
    Set<String> values = new HashSet<>();
    log.values().forEach(change -> values.add(change.value()));
    return values;
  }

  /** Some of the elements that the other set lacks; AssertJ would compare each with each. */
  private static List<String> without(Set<String> set, Set<String> other) {
    return set.stream().filter(element -> !other.contains(element)).limit(20).toList();
  }

  private static void assertVersionsHaveNoGap(Map<Long, Written> log) {
    Map<String, Long> versions = new HashMap<>();
    log.forEach((seq, change) ->
        assertThat(change.version())
            .as("version of change %d", seq)
            .isEqualTo(versions.merge(change.subject(), 1L, Long::sum)));
  }

  /** Each of the crowd has a line of each change of record 1, each receiver each version. */
  private void awaitTold(Map<Long, Written> log, long after) throws IOException {
    Set<Long> told = new HashSet<>();
    Set<String> webhooks = new HashSet<>();
    log.forEach((seq, change) -> {
      if (seq > after && change.subject().equals("record/1")) {
        told.add(seq);
      } else if (seq > after) {
        int receiver = Integer.parseInt(change.subject().substring("record/".length())) - 2;
        webhooks.add("r%d %s %d".formatted(receiver, change.subject(), change.version()));
      }
    });
    assertThat(webhooks).as("owed").isNotEmpty();
    Awaitility.await()
        .atMost(Duration.ofMinutes(Size.count(2, 20)))
        .pollInterval(Duration.ofMillis(Size.count(500, 10_000)))
        .untilAsserted(() -> {
          assertThat(without(webhooks, got())).as("not sent").isEmpty();
          assertThat(lines(log).untold(told)).as("not told").isEmpty();
        });
    assertThat(lines(log).changes()).as("told without a watch").isSubsetOf(told);
  }

  private Set<String> got() {
    Set<String> got = new HashSet<>();
    for (int receiver = 0; receiver < RECEIVERS; receiver++) {
      String user = "r" + receiver;
      receivers.of(user).forEach(one -> got.add(user + " " + one));
    }
    return got;
  }

  private ConsoleLines lines(Map<Long, Written> log) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int replica = 0; replica < REPLICAS; replica++) {
      files.add(PlatformProcess.log(folder(replica)));
    }
    return ConsoleLines.read(files, crowd, log);
  }

  private int repeatedWebhooks() {
    int repeated = 0;
    for (int receiver = 0; receiver < RECEIVERS; receiver++) {
      List<String> got = receivers.of("r" + receiver);
      repeated += got.size() - Set.copyOf(got).size();
    }
    return repeated;
  }

  /** What a receiver gets for the first time is always newer than all before. */
  private void assertWebhooksInOrder() {
    for (int receiver = 0; receiver < RECEIVERS; receiver++) {
      List<Long> first =
          receivers.of("r" + receiver).stream()
              .distinct()
              .map(one -> Long.valueOf(one.substring(one.indexOf(' ') + 1)))
              .toList();
      assertThat(first).as("receiver %d", receiver).isSorted();
    }
  }
}
