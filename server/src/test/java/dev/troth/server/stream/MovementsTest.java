package dev.troth.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.Revisions;
import dev.troth.server.db.Database;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MovementsTest {
  private final Revisions revisions =
      new Revisions(new Database(Path.of("not-opened.db"), 1), new ChangeFeed());
  private long now = 5_000_000_000L;
  private final Movements movements = new Movements(revisions, "ann", () -> now);

  private void pass(int millis) {
    now += Duration.ofMillis(millis).toNanos();
  }

  @Test
  void figuresMoveOnceASecondAtMost() {
    for (int i = 0; i < 20; i++) {
      revisions.touchObjectives();
      revisions.touchTraces();
      assertThat(movements.take()).isEmpty();
      pass(40);
    }
    pass(200);
    assertThat(movements.take()).containsExactly("objectives", "traces");
    revisions.touchTraces();
    pass(900);
    assertThat(movements.take()).isEmpty();
    pass(100);
    assertThat(movements.take()).containsExactly("traces");
    pass(5_000);
    assertThat(movements.take()).isEmpty();
  }

  @Test
  void aUsersOwnMoveAtOnce() {
    revisions.touchWatches("ann");
    assertThat(movements.take()).containsExactly("watches");
    assertThat(movements.take()).isEmpty();
    movements.inbox();
    assertThat(movements.take()).containsExactly("inbox");
  }
}
