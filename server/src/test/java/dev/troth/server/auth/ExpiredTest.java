package dev.troth.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens, sign-ins and revocations of which nobody needs to know any more are deleted. */
final class ExpiredTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  /** Expired so many days ago; a sign-in, and revoked. */
  private void token(String id, int days) {
    String expired = platform.clock().instant().minus(Duration.ofDays(days)).toString();
    String made = platform.clock().instant().minus(Duration.ofDays(days + 1)).toString();
    platform
        .database()
        .write(handle -> {
          handle.execute(
              "INSERT INTO token (id, user_name, role, note, created_by, created_at, expires_at)"
                  + " VALUES (?, 'ann', 'member', '', 'ann', ?, ?)",
              id,
              made,
              expired);
          handle.execute(
              "INSERT INTO revocation (id, revoked_by, revoked_at, expires_at)"
                  + " VALUES (?, 'ann', ?, ?)",
              id,
              made,
              expired);
          return handle.execute(
              "INSERT INTO sign_in (token, issuer, client, subject, user_claim, role_claim,"
                  + " role_value) VALUES (?, '', '', '', '', '', '')",
              id);
        });
  }

  private List<String> rows(String column, String table) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "SELECT "
                        + column
                        + " FROM "
                        + table
                        + " WHERE "
                        + column
                        + " LIKE 'old-%'"
                        + " ORDER BY 1")
                .mapTo(String.class)
                .list());
  }

  private void some() {
    token("old-100", 100);
    token("old-80", 80);
    token("old-valid", -1);
  }

  private void onlySomeAreLeft() {
    assertThat(rows("id", "token")).containsExactly("old-80", "old-valid");
    assertThat(rows("token", "sign_in")).containsExactly("old-80", "old-valid");
    assertThat(rows("id", "revocation")).containsExactly("old-valid");
  }

  @Test
  void atTheStart() {
    some();
    platform.restart();
    onlySomeAreLeft();
  }

  @Test
  void whileItRunsToo() {
    some();
    for (int i = 0; i < 200; i++) {
      assertThat(
              platform
                  .post("/api/tokens", "{\"user\":\"ci\",\"role\":\"reader\",\"life\":\"1h\"}")
                  .status())
          .isEqualTo(201);
    }
    onlySomeAreLeft();
  }
}
