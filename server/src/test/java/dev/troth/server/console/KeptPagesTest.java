package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import dev.troth.testkit.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that are kept are never older than what was answered before they were asked for. */
class KeptPagesTest {
  private static final List<String> KEPT =
      List.of("/", "/records/1", "/inbox", "/traces", "/subjects/order/1");
  private static final Pattern VALUE = Pattern.compile("value (\\d+) of the race");

  @BeforeAll
  static void needsTheConsole() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
  }

  private static Answer page(TestPlatform at, String path, String... headers) {
    List<String> all = new ArrayList<>(List.of("Accept", "text/html"));
    all.addAll(List.of(headers));
    return at.get(path, all.toArray(String[]::new));
  }

  /** The name of a page that is the same twice: on a server others commit too, now and then. */
  private static String settled(TestPlatform at, String path) {
    String before = "";
    for (int i = 0; i < 100; i++) {
      String tag = page(at, path).header("ETag");
      if (!tag.isEmpty() && tag.equals(before)) {
        return tag;
      }
      before = tag;
    }
    throw new AssertionError(path + " is never the same page twice");
  }

  @Test
  void aPageThatDidNotMoveIsNotSentAgain() {
    try (TestPlatform platform = TestPlatform.start()) {
      for (String path : KEPT) {
        boolean unchanged = false;
        for (int i = 0; i < 100 && !unchanged; i++) {
          Answer again = page(platform, path, "If-None-Match", settled(platform, path));
          unchanged = again.status() == 304;
          assertThat(again.body().isEmpty()).as(path).isEqualTo(unchanged);
        }
        assertThat(unchanged).as(path).isTrue();
        assertThat(page(platform, path, "If-None-Match", "W/\"other\"").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void whateverIsWrittenMakesThePageAnother() {
    try (TestPlatform platform = TestPlatform.start()) {
      List<Runnable> writes =
          List.of(
              () -> platform.put("/api/records/1", "{\"name\":\"a\",\"value\":\"b\"}"),
              () -> platform.post("/api/watches", "{\"target\":\"order/*\"}"),
              () -> platform.post("/api/events", EVENT, "Content-Type", EVENTS),
              () -> platform.post("/api/inbox/read", ""),
              () -> platform.post("/api/inbox/2/done", ""));
      for (Runnable write : writes) {
        for (String path : KEPT) {
          String before = settled(platform, path);
          write.run();
          Answer after = page(platform, path, "If-None-Match", before);
          assertThat(after.status()).as(path).isEqualTo(200);
          assertThat(after.header("ETag")).as(path).isNotEqualTo(before);
        }
      }
    }
  }

  private static final String EVENTS = "application/cloudevents+json";
  private static final String EVENT =
      """
      {"specversion":"1.0","id":"1","source":"/shop","type":"order.placed","subject":"order/1","data":{"n":1}}
      """;

  @Test
  void anAgeIsRightToTheSecondWhileThePageIsKept() {
    try (TestPlatform platform = TestPlatform.start()) {
      platform.put("/api/records/1", "{\"name\":\"a\",\"value\":\"b\"}");
      String young = settled(platform, "/records/1");
      platform.clock().advance(Duration.ofMillis(4_999));
      assertThat(page(platform, "/records/1").body()).contains(">just now<");
      if (platform.isOnSqlite()) {
        assertThat(page(platform, "/records/1").header("ETag")).isEqualTo(young);
      }
      platform.clock().advance(Duration.ofMillis(1));
      assertThat(page(platform, "/records/1").body()).contains(">5 s ago<");
      platform.clock().advance(Duration.ofMillis(999));
      assertThat(page(platform, "/records/1").body()).contains(">5 s ago<");
      platform.clock().advance(Duration.ofMillis(1));
      assertThat(page(platform, "/records/1").body()).contains(">6 s ago<");
      for (Duration step : List.of(Duration.ofSeconds(54), Duration.ofMinutes(59))) {
        platform.clock().advance(step.minusMillis(1));
        String before = page(platform, "/records/1").body();
        platform.clock().advance(Duration.ofMillis(1));
        assertThat(page(platform, "/records/1").body()).isNotEqualTo(before);
      }
      assertThat(page(platform, "/records/1").body()).contains(">1 h ago<");
    }
  }

  @Test
  void nothingIsKeptFromOneCallerAddressOrThemeToAnother() {
    try (TestPlatform platform = TestPlatform.start()) {
      String tag = settled(platform, "/records/1");
      assertThat(page(platform, "/records/1?x=%3Cb%3E").header("ETag")).isNotEqualTo(tag);
      assertThat(page(platform, "/records/1", "Cookie", "troth-theme=dark").body())
          .contains("data-theme=\"dark\"");
      assertThat(page(platform, "/records/1").body()).contains("data-theme=\"auto\"");
      assertThat(page(platform, "/records/1", "Troth-Fragments", "-").header("ETag")).isEmpty();
      assertThat(platform.get("/records/1", "Accept", "application/json").header("ETag")).isEmpty();
    }
  }

  @Test
  void aRestartForgetsTheNamesOfPages() {
    try (TestPlatform platform = TestPlatform.start()) {
      String before = settled(platform, "/");
      platform.restart();
      assertThat(page(platform, "/", "If-None-Match", before).status()).isEqualTo(200);
      assertThat(settled(platform, "/")).isNotEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/records/1", "/subjects/record/1"})
  void aPageIsNeverOlderThanAnAnsweredWrite(String path) throws Exception {
    int rounds = Size.count(200, 5_000);
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000");
        ExecutorService threads = Executors.newFixedThreadPool(5)) {
      AtomicInteger answered = new AtomicInteger();
      AtomicBoolean over = new AtomicBoolean();
      List<Future<Integer>> readers = new ArrayList<>();
      try {
        write(platform, 0);
        for (int i = 0; i < 4; i++) {
          readers.add(threads.submit(() -> read(platform, path, answered, over)));
        }
        for (int i = 1; i <= rounds; i++) {
          write(platform, i);
          answered.set(i);
        }
      } finally {
        over.set(true);
      }
      int pages = 0;
      for (Future<Integer> reader : readers) {
        pages += reader.get();
      }
      assertThat(pages).isPositive();
    }
  }

  private static void write(TestPlatform platform, int value) {
    String body = "{\"name\":\"racer\",\"value\":\"value %d of the race\"}".formatted(value);
    assertThat(platform.put("/api/records/1", body).status()).isIn(200, 201);
  }

  private static int read(
      TestPlatform platform, String path, AtomicInteger answered, AtomicBoolean over) {
    int pages = 0;
    while (!over.get()) {
      int least = answered.get();
      String html = page(platform, path).body();
      Matcher value = VALUE.matcher(html);
      int newest = -1;
      while (value.find()) {
        newest = Math.max(newest, Integer.parseInt(value.group(1)));
      }
      assertThat(newest)
          .as("what %s shows after %d was answered", path, least)
          .isGreaterThanOrEqualTo(least);
      pages++;
    }
    return pages;
  }
}
