package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two platforms on one PostgreSQL are one registry. */
class RegistryReplicasTest {
  private static final int AT_ONCE = 64;

  private String url = "";

  @BeforeEach
  void open() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
  }

  @AfterEach
  void close() {
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  private static String body(int length) {
    return Json.mapper()
        .writeValueAsString(
            Map.of("schemaType", "JSON", "schema", "{\"maxLength\":%d}".formatted(length)));
  }

  private static String versions(String subject) {
    return "/registry/subjects/" + subject + "/versions";
  }

  @Test
  void registrationsAtBothGiveOneIdASchemaAndVersionsWithoutGaps() throws Exception {
    try (TestPlatform first = TestPlatform.start("store.url", url);
        TestPlatform second = TestPlatform.start("store.url", url);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<TestPlatform> both = List.of(first, second);
      first.put("/registry/config", "{\"compatibility\":\"NONE\"}");
      // Each of 32 schemas at both replicas, and each under a subject of its own as well.
      Map<Integer, List<Future<Answer>>> bySchema = new HashMap<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int schema = i % (AT_ONCE / 2);
        TestPlatform at = both.get(i / (AT_ONCE / 2));
        List<Future<Answer>> answers = bySchema.computeIfAbsent(schema, _ -> new ArrayList<>());
        answers.add(threads.submit(() -> at.post(versions("one-value"), body(schema))));
        answers.add(
            threads.submit(() -> at.post(versions("own%d-value".formatted(schema)), body(schema))));
      }
      Set<Integer> ids = new HashSet<>();
      for (List<Future<Answer>> answers : bySchema.values()) {
        Set<Integer> ofSchema = new HashSet<>();
        for (Future<Answer> answer : answers) {
          assertThat(answer.get().status()).as(answer.get().body()).isEqualTo(200);
          ofSchema.add(answer.get().json().path("id").asInt());
        }
        assertThat(ofSchema).as("ids of one schema").hasSize(1);
        ids.addAll(ofSchema);
      }
      assertThat(ids).containsExactlyInAnyOrderElementsOf(upTo(AT_ONCE / 2));
      for (TestPlatform replica : both) {
        assertThat(replica.get(versions("one-value")).body())
            .isEqualTo(upTo(AT_ONCE / 2).toString().replace(" ", ""));
      }
    }
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  /** A writer of new subjects at one replica, until it is told to end or nobody answers. */
  private static final class Writer implements AutoCloseable {
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final CountDownLatch some = new CountDownLatch(25);
    private final Thread thread;
    private volatile boolean writing = true;

    Writer(PlatformProcess replica, int from) {
      thread = Thread.ofVirtual().start(() -> write(replica, from));
    }

    private void write(PlatformProcess replica, int from) {
      try {
        for (int i = from; writing && i < from + 10_000; i++) {
          if (replica.post(versions("s%d-value".formatted(i)), "application/json", body(i))
              == 200) {
            acknowledged.add(i);
            some.countDown();
          }
        }
      } catch (IOException e) {
        // The replica was killed.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      writing = false;
      thread.interrupt();
    }
  }

  @Test
  void whatAKilledReplicaAcknowledgedIsThereAndTheOtherGoesOn(@TempDir Path folder)
      throws Exception {
    try (PlatformProcess killed = start(folder, "first");
        PlatformProcess stays = start(folder, "second")) {
      Set<Integer> acknowledged = new HashSet<>();
      try (Writer there = new Writer(killed, 0);
          Writer here = new Writer(stays, 100_000)) {
        assertThat(there.some.await(60, TimeUnit.SECONDS)).isTrue();
        killed.kill();
        there.thread.join();
        try (Writer after = new Writer(stays, 200_000)) {
          assertThat(after.some.await(60, TimeUnit.SECONDS)).as("the other writes on").isTrue();
          after.writing = false;
          after.thread.join();
          acknowledged.addAll(after.acknowledged);
        }
        here.writing = false;
        here.thread.join();
        acknowledged.addAll(there.acknowledged);
        acknowledged.addAll(here.acknowledged);
      }
      Set<Integer> ids = new HashSet<>();
      for (int i : acknowledged) {
        String subject = "s%d-value".formatted(i);
        assertThat(stays.get(versions(subject)).toString()).as(subject).isEqualTo("[1]");
        ids.add(stays.get(versions(subject) + "/1").path("id").asInt());
      }
      assertThat(ids).as("one id a schema").hasSize(acknowledged.size());
    }
  }

  private PlatformProcess start(Path folder, String name) throws IOException {
    return PlatformProcess.start(
        Files.createDirectories(folder.resolve(name)), "store.url", url, "limits.rate", "100000");
  }
}
