package dev.troth.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody's sign-ins, refused or not, push those of others out of the record. */
final class SignInRowsTest {
  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");

  @AfterEach
  void stop() {
    platform.close();
  }

  private long number(String sql) {
    return platform.database().read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private void sql(String sql) {
    var _ = platform.database().write(handle -> handle.execute(sql));
  }

  private String token(String user, String role) {
    return platform
        .post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role),
            "Authorization",
            "Bearer " + platform.ownersToken())
        .json()
        .get("token")
        .asString();
  }

  private void signIn(String token, int status) {
    assertThat(platform.post("/api/session", "{\"token\":\"%s\"}".formatted(token)).status())
        .isEqualTo(status);
  }

  @Test
  void theRefusedTakeNoNumbersOfOthers() {
    for (int i = 0; i < 300; i++) {
      signIn("x" + i, 401);
      platform.clock().advance(Duration.ofSeconds(11));
    }
    assertThat(number("SELECT sum(times) FROM sign_in_event")).isGreaterThan(250);
    signIn(token("ann", "member"), 200);
    assertThat(number("SELECT max(id) FROM sign_in_event")).isLessThan(20);
  }

  @Test
  void whoSignsInWithoutEndHasFewRowsAndAllAreCounted() {
    String ann = token("ann", "member");
    for (int i = 0; i < 100; i++) {
      signIn(ann, 200);
    }
    String of = " FROM sign_in_event WHERE user_name = 'ann' AND what = 'signed-in'";
    assertThat(number("SELECT count(*)" + of)).isEqualTo(31);
    assertThat(number("SELECT sum(times)" + of)).isEqualTo(100);
    platform.clock().advance(Duration.ofHours(1));
    signIn(ann, 200);
    assertThat(number("SELECT count(*)" + of)).as("another hour").isEqualTo(32);
  }

  @Test
  void rowsAreBoundedNotTheirNumbersAndThoseOfOneUserFirst() {
    String ada = token("ada", "admin");
    signIn(ada, 200);
    long at = platform.clock().instant().toEpochMilli();
    sql(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20500)
        INSERT INTO sign_in_event (at, last_at, hour, user_name, what, detail, times)
        SELECT %d, %d, 0, 'ann', 'signed-in', 'token ' || i, 1 FROM n
        """
            .formatted(at, at));
    sql(
        """
        INSERT INTO sign_in_event (id, at, last_at, hour, user_name, what, detail, times)
        VALUES (900000, %d, %d, 0, 'bob', 'signed-in', '', 1)
        """
            .formatted(at, at));
    platform.restart();
    assertThat(number("SELECT count(*) FROM sign_in_event WHERE user_name = 'ada'")).isOne();
    assertThat(number("SELECT count(*) FROM sign_in_event WHERE user_name = 'ann'"))
        .isEqualTo(20_000);
    assertThat(
            number(
                "SELECT count(*) FROM sign_in_event WHERE user_name = 'ann'"
                    + " AND detail IN ('token 500', 'token 501')"))
        .as("the oldest went")
        .isOne();
  }
}
