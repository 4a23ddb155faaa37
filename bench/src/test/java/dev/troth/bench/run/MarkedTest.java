package dev.troth.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final Marked marked = new Marked();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    marked.end(Duration.ZERO);
  }

  @Test
  void aServerThatLeftItsGroupIsEndedWithTheCommand() throws Exception {
    Marked.Outcome outcome =
        run("setsid sleep 1000 >/dev/null 2>&1 & echo started $GIVEN; exit 0", LONG);

    assertThat(outcome).isEqualTo(Marked.Outcome.DONE);
    assertThat(lines).containsExactly("started value");
    assertThat(marked.alive()).isEmpty();
  }

  @Test
  void aCommandWhoseTimeIsOverIsEndedWithAllThatItStarted() throws Exception {
    assertThat(run("sleep 1000 & sleep 1000", Duration.ofMillis(200)))
        .isEqualTo(Marked.Outcome.TIME_OVER);
    assertThat(marked.alive()).isEmpty();
  }

  @Test
  void whoDoesNotGoWhenAskedIsKilled() throws Exception {
    Thread runs =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = run("trap '' TERM; echo ready; while true; do sleep 1000; done", LONG);
              } catch (Exception e) {
                lines.add("failed: " + e);
              }
            });
    await().until(() -> lines.contains("ready") || !runs.isAlive());
    assertThat(marked.alive()).isNotEmpty();
    marked.end(Duration.ofMillis(50));
    assertThat(marked.alive()).isEmpty();
    runs.join();
  }

  @Test
  void theMarkIsNoSettingThatThePlatformWouldRefuse() throws Exception {
    assertThat(run("env | cut -d= -f1", LONG)).isEqualTo(Marked.Outcome.DONE);
    assertThat(lines)
        .filteredOn(name -> !System.getenv().containsKey(name))
        .contains("GIVEN")
        .noneMatch(name -> name.startsWith("TROTH_"));
  }

  @Test
  void aFailureIsToldFromSuccess() throws Exception {
    assertThat(run("exit 3", LONG)).isEqualTo(Marked.Outcome.FAILED);
  }

  private Marked.Outcome run(String command, Duration limit) throws Exception {
    return marked.run(command, folder, Map.of("GIVEN", "value"), limit, lines::add);
  }
}
