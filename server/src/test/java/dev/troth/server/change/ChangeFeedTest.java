package dev.troth.server.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The newest changes in memory are those that a plain list would hold, or none of them. */
class ChangeFeedTest {
  private static final int MOST = 2_048;
  private static final int MOST_CHARACTERS = 4 << 20;

  private static Change change(long seq) {
    return new Change(
        seq, seq, Instant.EPOCH, NewChange.of(Subject.parse("record/1"), "record.updated", "ann"));
  }

  @Test
  void whatItFindsIsWhatWasCommittedWithoutAGap() {
    Property.of("the feed holds the newest changes in their order")
        .runs(60, 5_000)
        .check(random -> {
          ChangeFeed feed = new ChangeFeed();
          long head = random.nextInt(10_000);
          feed.open(new ChangeFeed.Position("log", head, 0));
          TreeMap<Long, Integer> sizes = new TreeMap<>();
          for (int step = 0; step < 60; step++) {
            switch (random.nextInt(8)) {
              case 0 -> {
                head += 1 + random.nextInt(5_000);
                feed.skipTo(head);
                sizes.clear();
              }
              case 1 -> {
                head += 2 + random.nextInt(3);
                feed.read(change(head), 1);
                sizes.clear();
                sizes.put(head, 1);
              }
              case 2 -> feed.committed(change(head + 2), 1);
              default -> {
                int many = random.nextInt(400);
                int size = random.nextInt(20_000);
                for (int i = 0; i < many; i++) {
                  head++;
                  feed.committed(change(head), size);
                  sizes.put(head, size);
                }
              }
            }
            keepNewest(sizes);
            long asked = Math.max(0, head - random.nextInt(3_000));
            int limit = 1 + random.nextInt(600);
            assertThat(feed.position().head()).isEqualTo(head);
            assertThat(feed.recent(asked, limit).map(ChangeFeedTest::sequences))
                .isEqualTo(expected(sizes, head, asked, limit));
            assertThat(feed.find(asked).map(Change::seq))
                .isEqualTo(Optional.of(asked).filter(sizes::containsKey));
          }
        });
  }

  private static void keepNewest(TreeMap<Long, Integer> sizes) {
    long characters = sizes.values().stream().mapToLong(Integer::longValue).sum();
    while (sizes.size() > MOST || characters > MOST_CHARACTERS) {
      characters -= sizes.pollFirstEntry().getValue();
    }
  }

  private static Optional<List<Long>> expected(
      TreeMap<Long, Integer> sizes, long head, long asked, int limit) {
    if (asked >= head) {
      return Optional.of(List.of());
    }
    if (sizes.isEmpty() || sizes.firstKey() > asked + 1) {
      return Optional.empty();
    }
    return Optional.of(sizes.tailMap(asked, false).keySet().stream().limit(limit).toList());
  }

  private static List<Long> sequences(List<Change> changes) {
    return changes.stream().map(Change::seq).toList();
  }
}
