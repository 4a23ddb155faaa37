package dev.troth.slo.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class CounterTest {
  private static final long START = 29_000_000L;

  @Test
  void everyWindowEqualsTheSumOfItsMinutes() {
    Property.of("windows equal sums of minutes").runs(20, 2_000).check(CounterTest::oneRun);
  }

  private static void oneRun(RandomGenerator random) {
    Duration longest = Duration.ofDays(random.nextInt(1, 93));
    int minutes = random.nextInt(1, 3 * 43_200);
    long[] brute = new long[minutes];
    Counter counter = new Counter(longest, START);
    int at = 0;
    while (at < minutes) {
      counter.advance(START + at);
      for (int i = random.nextInt(4); i > 0; i--) {
        int minute = Math.max(0, at - random.nextInt(Counter.LATE));
        // Corrections take back what was counted in the same minute.
        long count = random.nextInt(20) == 0 ? -Math.min(brute[minute], 5) : random.nextInt(1_000);
        counter.add(START + minute, count);
        brute[minute] += count;
      }
      at += random.nextInt(50) == 0 ? random.nextInt(3_000) : random.nextInt(1, 20);
    }
    int head = (int) (counter.head() - START);
    for (int i = 0; i < 50; i++) {
      int fine = Math.max(0, head - random.nextInt(3 * 1_440));
      assertThat(counter.between(START + fine, Long.MAX_VALUE)).isEqualTo(sum(brute, fine, head));
      long length = Math.min(head, longest.toMinutes());
      int slot = Math.toIntExact(10 * Math.ceilDiv(longest.toMinutes(), 44_720));
      long coarse = START + head - random.nextLong(length + 1);
      long edge = Math.max(START, coarse - Math.floorMod(coarse, slot));
      if (head - (coarse - START) > 3 * 1_440 + 2 * Counter.LATE) {
        assertThat(counter.between(coarse, Long.MAX_VALUE))
            .isEqualTo(sum(brute, (int) (edge - START), head));
      }
    }
  }

  private static long sum(long[] counts, int from, int to) {
    long sum = 0;
    for (int i = from; i <= to; i++) {
      sum += counts[i];
    }
    return sum;
  }

  @Test
  void totalsBeyond32BitsAreExact() {
    Counter counter = new Counter(Duration.ofDays(30), START);
    for (int minute = 0; minute < 10_000; minute++) {
      counter.advance(START + minute);
      counter.add(START + minute, 900_000);
    }
    assertThat(counter.between(START, Long.MAX_VALUE)).isEqualTo(9_000_000_000L);
    assertThat(counter.between(START + 9_999 - 4_000, Long.MAX_VALUE)).isEqualTo(4_001 * 900_000L);
  }

  @Test
  void moreTakenAwayThanGivenIsANegativeSumInEveryWindow() {
    Counter counter = new Counter(Duration.ofDays(30), START);
    for (int minute = 0; minute < 20; minute++) {
      counter.advance(START + minute);
      counter.add(START + minute, minute == 15 ? -700 : 1);
    }
    for (int from = 0; from < 16; from++) {
      assertThat(counter.between(START + from, START + 20)).isEqualTo(19 - from - 700);
    }
    assertThat(counter.between(START + 16, START + 20)).isEqualTo(4);
  }

  @Test
  void betweenTwoMinutesIsTheDifference() {
    Counter counter = new Counter(Duration.ofDays(30), START);
    for (int minute = 0; minute < 100; minute++) {
      counter.advance(START + minute);
      counter.add(START + minute, 1);
    }
    assertThat(counter.between(START + 10, START + 20)).isEqualTo(10);
    assertThat(counter.between(START - 50, START + 20)).isEqualTo(20);
    assertThat(counter.between(START + 90, START + 500)).isEqualTo(10);
    assertThat(counter.between(START + 20, START + 10)).isZero();
  }
}
