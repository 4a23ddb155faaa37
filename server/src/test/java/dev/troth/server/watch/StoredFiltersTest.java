package dev.troth.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import org.junit.jupiter.api.Test;

/** Data folders of the time when filters had a spelling of their own. */
final class StoredFiltersTest {
  @Test
  void aStartTurnsStoredFiltersIntoCel() {
    try (TestPlatform platform = TestPlatform.start()) {
      String body = "{\"user\":\"ann\",\"target\":\"item/*\",\"filter\":\"price < 10\"}";
      assertThat(platform.post("/api/watches", body).status()).isEqualTo(201);
      platform
          .database()
          .write(handle ->
              handle.execute("UPDATE watch SET filter = ?", "price < 10 and unit-price = '7'"));
      platform.restart();
      assertThat(platform.get("/api/watches?user=ann").json().at("/items/0/filter").asString())
          .isEqualTo("price < 10 && after[\"unit-price\"] == \"7\"");
    }
  }
}
