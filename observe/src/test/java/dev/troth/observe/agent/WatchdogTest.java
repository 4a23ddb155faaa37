package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.metrics.AgentCounters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchdogTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> said = new ArrayList<>();
  private final Watchdog watchdog = new Watchdog(said::add);

  @Test
  void aStallIsSaidAtOnceWithItsLength() {
    watchdog.begin(0);
    watchdog.turn(SECOND / 10);
    watchdog.rest(SECOND / 10, SECOND / 20);
    watchdog.turn(SECOND);
    assertThat(said).isEmpty();
    watchdog.rest(SECOND, SECOND / 20);
    watchdog.turn(4 * SECOND);
    assertThat(said).singleElement().asString().contains("did not run for 3.0 s");
    assertThat(watchdog.stalls()).isEqualTo(1);
  }

  @Test
  void lossesAreSaidAtOnceAndThenOncePerTenSeconds() {
    watchdog.losses(SECOND, counters(0));
    assertThat(said).isEmpty();
    watchdog.losses(2 * SECOND, counters(200));
    assertThat(said).singleElement().asString().contains("200 events lost", "about 100 requests");
    watchdog.losses(3 * SECOND, counters(500));
    assertThat(said).hasSize(1);
    watchdog.losses(13 * SECOND, counters(500));
    assertThat(said).hasSize(2).last().asString().contains("300 events lost", "about 150 requests");
    watchdog.losses(30 * SECOND, counters(500));
    assertThat(said).hasSize(2);
  }

  @Test
  void messagesThatAreCutAreMissingRequests() {
    AgentCounters counters = counters(1_000, 0, 40, 0);
    assertThat(counters.missing()).isEqualTo(20);
    watchdog.losses(SECOND, counters);
    assertThat(said)
        .singleElement()
        .asString()
        .contains("0 events lost, 40 messages cut short, about 20 requests");
    watchdog.losses(20 * SECOND, counters);
    assertThat(said).hasSize(1);
  }

  @Test
  void eventsOfUnknownProcessesAreMissingRequests() {
    AgentCounters counters = counters(1_598, 0, 0, 598);
    assertThat(counters.missing()).isEqualTo(299);
    watchdog.losses(SECOND, counters);
    assertThat(said)
        .singleElement()
        .asString()
        .contains("598 events of unknown processes", "about 299 requests");
    watchdog.losses(20 * SECOND, counters);
    assertThat(said).hasSize(1);
  }

  @Test
  void whatIsMissingIsNeverNoRequestAtAll() {
    assertThat(counters(1_000_000, 1, 0, 0).missing()).as("1 event of many for a request").isOne();
    assertThat(counters(2, 0, 0, 2).missing()).as("nothing else was read").isEqualTo(2);
    assertThat(counters(1_000, 0, 0, 0).missing()).isZero();
  }

  /** Two events a request. */
  private static AgentCounters counters(long lost) {
    return counters(1_000, lost, 0, 0);
  }

  private static AgentCounters counters(long events, long lost, long cut, long strangers) {
    return new AgentCounters(
        1,
        1,
        new AgentCounters.Kernel(events, lost, 0, 0, 0, 0, cut),
        500,
        0,
        new AgentCounters.Operations(500, 0, 0, 0),
        new AgentCounters.Trouble(0, 0, 0, strangers),
        List.of());
  }
}
