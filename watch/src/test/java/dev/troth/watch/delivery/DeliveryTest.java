package dev.troth.watch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.delivery.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DeliveryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final RetryPolicy POLICY = RetryPolicy.STANDARD;

  @Test
  void aDeliveryThatAlwaysFailsDiesAfterTenAttemptsWithinTheSchedule() {
    Property.of("retries stay within their steps")
        .runs(200, 20_000)
        .check(random -> {
          Delivery delivery = Delivery.owed(NOW);
          Instant now = NOW;
          while (delivery.state() == State.PENDING) {
            delivery =
                delivery.after(new Outcome.Failed("503", Duration.ZERO), now, POLICY, random);
            if (delivery.state() == State.PENDING) {
              Duration longest = POLICY.steps().get(delivery.attempts() - 1);
              assertThat(Duration.between(now, delivery.due())).isBetween(Duration.ZERO, longest);
              now = delivery.due();
            }
          }
          assertThat(delivery.state()).isEqualTo(State.DEAD);
          assertThat(delivery.attempts()).isEqualTo(10);
          assertThat(delivery.note()).isEqualTo("503");
        });
  }

  @Test
  void theReceiversWaitIsKeptUpToTwoDays() {
    Outcome busy = new Outcome.Failed("429", Duration.ofMinutes(10));
    assertThat(Delivery.owed(NOW).after(busy, NOW, POLICY, new Random(1)).due())
        .isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    Outcome silly = new Outcome.Failed("429", Duration.ofDays(9_000));
    assertThat(Delivery.owed(NOW).after(silly, NOW, POLICY, new Random(1)).due())
        .isEqualTo(NOW.plus(Duration.ofDays(2)));
  }

  @Test
  void refusalAndGoneEndItAtOnceAndReplayBeginsAnew() {
    Delivery dead = Delivery.owed(NOW).after(new Outcome.Gone("410"), NOW, POLICY, new Random(1));
    assertThat(dead.state()).isEqualTo(State.DEAD);
    assertThat(dead.replayed(NOW.plusSeconds(9))).isEqualTo(Delivery.owed(NOW.plusSeconds(9)));
    assertThatThrownBy(() -> Delivery.owed(NOW).replayed(NOW))
        .hasMessageContaining("expected dead");
    assertThatThrownBy(() -> dead.superseded(2)).hasMessageContaining("expected pending");
  }

  @Test
  void keysDifferByChangeWatchAndChannelAndStayTheSameOtherwise() {
    Set<String> keys = new HashSet<>();
    for (long seq = 1; seq <= 10; seq++) {
      Change change = new Change(seq, 1, NOW, NewChange.of(Subject.parse("record/1"), "x", "bob"));
      for (long watch = 1; watch <= 10; watch++) {
        for (String channel : new String[] {"console", "mail"}) {
          String key = NotificationKey.of(change, watch, channel).text();
          assertThat(key).matches("ntf_[A-Za-z0-9_-]{24}");
          assertThat(NotificationKey.of(change, watch, channel)).hasToString(key);
          keys.add(key);
        }
      }
    }
    assertThat(keys).hasSize(200);
  }
}
