package dev.troth.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import dev.troth.server.ops.CannotStart;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A platform on a PostgreSQL server, in good days and bad ones. */
class PostgresTest {
  private String url = "";

  @BeforeEach
  void create() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
  }

  @AfterEach
  void drop() {
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  private TestPlatform start() {
    return TestPlatform.start("store.url", url);
  }

  @Test
  void whatWasWrittenIsThereAfterARestartAndTheFolderHoldsNoDatabase() {
    try (TestPlatform platform = start()) {
      assertThat(platform.post("/api/update/1", "{\"value\":\"kept\"}").status()).isEqualTo(200);
      assertThat(platform.folder().resolve("troth.db")).doesNotExist();
      platform.restart();
      assertThat(platform.get("/api/record/1").body()).contains("kept");
      assertThat(platform.get("/-/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aSecondPlatformIsRefusedWhileTheFirstRuns() {
    try (TestPlatform first = start()) {
      assertThatThrownBy(() -> start().close())
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("is used by another platform");
      assertThat(first.post("/api/update/1", "{\"value\":\"b\"}").status()).isEqualTo(200);
    }
    try (TestPlatform second = start()) {
      assertThat(second.get("/api/record/1").body()).contains("\"b\"");
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutItsPassword() {
    String away = "jdbc:postgresql://127.0.0.1:1/troth?user=ann&password=sesame";
    assertThatThrownBy(() -> TestPlatform.start("store.url", away).close())
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/troth cannot be opened")
        .hasMessageNotContaining("sesame");
  }

  @Test
  void whileTheServerIsAwayNothingIsStoredAndAfterwardsAllGoesOn() {
    try (TestPlatform platform = start()) {
      assertThat(platform.post("/api/update/1", "{\"value\":\"before\"}").status()).isEqualTo(200);
      TestPostgres.close(url);
      TestPlatform.Answer answer = platform.post("/api/update/1", "{\"value\":\"lost\"}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.json().get("detail").asString())
          .isEqualTo("nothing was stored: the database does not answer");
      assertThat(platform.get("/-/ready").status()).isEqualTo(503);
      TestPostgres.open(url);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(platform.get("/-/ready").status()).isEqualTo(200));
      assertThat(platform.get("/api/record/1").body()).contains("before");
      assertThat(platform.post("/api/update/1", "{\"value\":\"after\"}").status()).isEqualTo(200);
    }
  }

  @Test
  void aPlatformThatLostItsDatabaseToAnotherWritesNoMore() {
    try (TestPlatform platform = start()) {
      TestPostgres.execute(url, "UPDATE schema_owner SET name = 'another'");
      TestPlatform.Answer answer = platform.post("/api/update/1", "{\"value\":\"late\"}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("another platform has taken").contains("over: restart");
      assertThat(platform.get("/api/record/1").body()).contains("Initial Value");
      assertThat(platform.get("/-/ready").body()).contains("another platform");
    }
  }

  @Test
  void bothEnginesHaveTheSameTablesAndColumns() {
    try (TestPlatform onPostgres = start();
        TestPlatform onSqlite = TestPlatform.start("store.url", "off")) {
      List<String> there =
          onPostgres
              .database()
              .read(handle ->
                  handle
                      .createQuery(
                          """
                          SELECT table_name || '.' || column_name FROM information_schema.columns
                          WHERE table_schema = 'public' AND table_name <> 'schema_owner'
                          """)
                      .mapTo(String.class)
                      .list());
      List<String> here =
          onSqlite
              .database()
              .read(handle ->
                  handle
                      .createQuery(
                          """
                          SELECT t.name || '.' || c.name
                          FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                          WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
                          """)
                      .mapTo(String.class)
                      .list());
      assertThat(there).containsExactlyInAnyOrderElementsOf(here);
    }
  }
}
