package dev.troth.watch.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebhookAnswerTest {
  private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

  @Test
  void aPauseIsSecondsOrADateAndAYearAtMost() {
    assertThat(pause("120")).isEqualTo(Duration.ofMinutes(2));
    assertThat(pause(" 0 ")).isEqualTo(Duration.ZERO);
    assertThat(pause("Sun, 01 Feb 2026 01:00:00 GMT")).isEqualTo(Duration.ofHours(1));
    assertThat(pause("Sat, 31 Jan 2026 01:00:00 GMT")).isEqualTo(Duration.ZERO);
    for (String later : new String[] {"999999999", "99999999999", "9".repeat(40)}) {
      assertThat(pause(later)).as(later).isEqualTo(Duration.ofDays(365));
    }
    for (String none : new String[] {"", "-1", "1.5", "soon"}) {
      assertThat(pause(none)).as(none).isEqualTo(Duration.ZERO);
    }
  }

  private static Duration pause(String header) {
    return WebhookAnswer.pause(header, NOW);
  }
}
