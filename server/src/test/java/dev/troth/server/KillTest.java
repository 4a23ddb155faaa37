package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills a real platform process under load, again and again on the same data, and then compares
 * what clients were promised, what the log holds, and what watchers were told.
 */
final class KillTest {
  private static final int WRITERS = 4;
  private static final int CROWD = 700;
  private static final int PAGE = 500;
  private static final Pattern TOLD =
      Pattern.compile("notify (\\S+): (\\S+) version (\\d+) \\S+ by \\S+ \\(change (\\d+),");

  @TempDir Path folder;

  private final Set<String> attempted = ConcurrentHashMap.newKeySet();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

  /** A committed change as the API shows it. */
  private record Written(String subject, long version, String value) {}

  private static final Written NONE = new Written("no change of the log", 0, "");

  @Test
  void killedAtAnyMomentThePlatformKeepsWhatItAcknowledgedAndTellsEveryWatcher() throws Exception {
    int kills = Size.count(5, 50);
    long seed = Long.getLong("troth.seed", System.nanoTime());
    System.out.printf("%d kills from seed %d%n", kills, seed);
    SplittableRandom random = new SplittableRandom(seed);

    Map<String, List<String>> watchers = watchers();
    for (int round = 0; round < kills; round++) {
      killUnderLoad(round, random.split());
    }
    try (PlatformProcess platform = PlatformProcess.start(folder)) {
      Map<Long, Written> log = history(platform);
      Set<String> committed = new HashSet<>();
      log.values().forEach(change -> committed.add(change.value()));
      assertThat(without(acknowledged, committed)).as("acknowledged and lost").isEmpty();
      assertThat(without(committed, attempted)).as("kept, but never written").isEmpty();
      assertThat(committed).as("no write twice").hasSize(log.size());
      assertStateIsLastChange(platform, log);

      Set<String> owed = new HashSet<>();
      log.forEach((seq, change) -> {
        if (seq > WRITERS) {
          watchers
              .getOrDefault(change.subject(), List.of())
              .forEach(user -> owed.add(user + " " + seq));
        }
      });
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> assertThat(without(owed, told(log).keySet())).as("not told").isEmpty());
      Map<String, Integer> told = told(log);
      assertThat(without(told.keySet(), owed)).as("told without a watch").isEmpty();
      int repeated = told.values().stream().mapToInt(count -> count - 1).sum();
      System.out.printf(
          "%d of %d writes acknowledged, %d committed; %d told, %d of them again after a kill%n",
          acknowledged.size(), attempted.size(), committed.size(), told.size(), repeated);
      assertThat(repeated).as("a page a kill").isLessThanOrEqualTo(kills * PAGE);
      assertInboxHoldsEachOnce(platform, log);
    }
  }

  /**
   * Watchers by subject: a crowd on record 1, a few on the others and on their collection. The
   * first write of each record comes before all watches, so nobody is told of it.
   */
  private Map<String, List<String>> watchers() throws Exception {
    Map<String, List<String>> watchers = new HashMap<>();
    try (PlatformProcess platform = PlatformProcess.start(folder)) {
      for (int record = 1; record <= WRITERS; record++) {
        String value = "start" + record;
        attempted.add(value);
        if (record == 1) {
          write(platform, record, value);
        } else {
          String body = "{\"name\":\"r\",\"value\":\"%s\"}".formatted(value);
          assertThat(platform.post("/api/records", "application/json", body)).isEqualTo(201);
        }
      }
      watch(platform, "everywhere", "record/*");
      for (int record = 1; record <= WRITERS; record++) {
        String subject = "record/" + record;
        List<String> users = new ArrayList<>(List.of("everywhere"));
        for (int i = 0; i < (record == 1 ? CROWD : 3); i++) {
          users.add("u" + record + "-" + i);
        }
        List<String> entries = new ArrayList<>();
        for (String user : users.subList(1, users.size())) {
          entries.add(entry(user, subject));
        }
        String body = "{\"watches\":[" + String.join(",", entries) + "]}";
        assertThat(platform.post("/api/watches/bulk", "application/json", body)).isEqualTo(200);
        watchers.put(subject, users);
      }
    }
    return watchers;
  }

  private static String entry(String user, String target) {
    return "{\"user\":\"%s\",\"target\":\"%s\",\"channels\":[\"console\"]}".formatted(user, target);
  }

  private static void watch(PlatformProcess platform, String user, String target)
      throws IOException, InterruptedException {
    assertThat(platform.post("/api/watches", "application/json", entry(user, target)))
        .isEqualTo(201);
  }

  private static void write(PlatformProcess platform, int record, String value)
      throws IOException, InterruptedException {
    String body = "{\"value\":\"%s\"}".formatted(value);
    assertThat(platform.post("/api/update/" + record, "application/json", body)).isEqualTo(200);
  }

  private void killUnderLoad(int round, SplittableRandom random) throws Exception {
    PlatformProcess platform = PlatformProcess.start(folder);
    CountDownLatch firstAnswer = new CountDownLatch(1);
    List<Thread> writers = new ArrayList<>();
    for (int writer = 1; writer <= WRITERS; writer++) {
      int own = writer;
      SplittableRandom choices = random.split();
      writers.add(Thread.ofVirtual().start(() -> load(platform, round, own, choices, firstAnswer)));
    }
    assertThat(firstAnswer.await(30, TimeUnit.SECONDS)).isTrue();
    // The moment of the kill is the point of this test, and no condition can name it.
    TimeUnit.MICROSECONDS.sleep(random.nextInt(600_000));
    platform.kill();
    for (Thread writer : writers) {
      writer.join();
    }
  }

  /** Writes until the platform is gone. */
  private void load(
      PlatformProcess platform,
      int round,
      int writer,
      SplittableRandom random,
      CountDownLatch firstAnswer) {
    for (int i = 0; ; i++) {
      String value = "r%d-w%d-%d".formatted(round, writer, i);
      int record = random.nextInt(12) == 0 ? 1 : 2 + random.nextInt(WRITERS - 1);
      attempted.add(value);
      try {
        write(platform, record, value);
        acknowledged.add(value);
        firstAnswer.countDown();
      } catch (IOException | InterruptedException gone) {
        return;
      }
    }
  }

  private static Map<Long, Written> history(PlatformProcess platform) throws Exception {
    Map<Long, Written> log = new TreeMap<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/subjects/changes?limit=200" + before);
      for (JsonNode change : page.get("items")) {
        log.put(
            change.get("seq").asLong(),
            new Written(
                change.get("subject").asString(),
                change.get("version").asLong(),
                change.at("/after/value").asString()));
      }
      if (!page.has("next")) {
        return log;
      }
      before = "&before=" + page.get("next").asLong();
    }
  }

  /** Versions run from 1 without a gap, and a record holds what its last change left there. */
  private static void assertStateIsLastChange(PlatformProcess platform, Map<Long, Written> log)
      throws Exception {
    Map<String, Long> versions = new HashMap<>();
    log.forEach((seq, change) ->
        assertThat(change.version())
            .as("version of change %d", seq)
            .isEqualTo(versions.merge(change.subject(), 1L, Long::sum)));
    for (var subject : versions.entrySet()) {
      JsonNode found = platform.get("/api/subjects/one?subject=" + subject.getKey());
      assertThat(found.get("version").asLong()).isEqualTo(subject.getValue());
    }
  }

  /** How often each user was told of each change; each line must match the log. */
  private Map<String, Integer> told(Map<Long, Written> log) throws IOException {
    Map<String, Integer> told = new HashMap<>();
    for (String line : Files.readAllLines(PlatformProcess.log(folder))) {
      Matcher matcher = TOLD.matcher(line);
      if (matcher.find()) {
        Written change = log.getOrDefault(Long.parseLong(matcher.group(4)), NONE);
        assertThat(matcher.group(2)).as(line).isEqualTo(change.subject());
        assertThat(matcher.group(3)).as(line).isEqualTo(Long.toString(change.version()));
        told.merge(matcher.group(1) + " " + matcher.group(4), 1, Integer::sum);
      }
    }
    return told;
  }

  /** Some of the elements that the other set lacks; AssertJ would compare each with each. */
  private static List<String> without(Set<String> set, Set<String> other) {
    return set.stream().filter(element -> !other.contains(element)).limit(20).toList();
  }

  private static void assertInboxHoldsEachOnce(PlatformProcess platform, Map<Long, Written> log)
      throws Exception {
    List<Long> found = new ArrayList<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/inbox?user=everywhere&limit=200" + before);
      page.get("items").forEach(item -> found.add(item.get("seq").asLong()));
      if (!page.has("next")) {
        break;
      }
      before = "&before=" + page.get("next").asLong();
    }
    assertThat(found)
        .containsExactlyElementsOf(
            log.keySet().stream()
                .filter(seq -> seq > WRITERS)
                .sorted((a, b) -> Long.compare(b, a))
                .toList());
  }
}
