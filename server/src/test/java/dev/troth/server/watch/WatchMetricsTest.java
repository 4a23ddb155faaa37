package dev.troth.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an operator sees of watch. */
final class WatchMetricsTest {
  @Test
  void deadLettersAndAttemptsAreCounted() {
    try (TestPlatform platform = TestPlatform.start()) {
      platform.watchWithoutAddress("ann", "record/1");
      assertThat(platform.post("/api/update/1", "{\"value\":\"a\"}").status()).isEqualTo(200);
      Awaitility.await()
          .until(() -> platform.get("/metrics").body().contains("deliveries{state=\"dead\"} 1.0"));
      assertThat(platform.get("/metrics").body())
          .contains("troth_watch_open_fanouts 0.0")
          .contains("troth_watch_deliveries{state=\"pending\"} 0.0")
          .contains("troth_watch_lag_seconds 0.0")
          .contains("troth_watch_attempts_total{outcome=\"refused\"} 1.0");
    }
  }
}
