package dev.troth.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
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
  void aFolderSaysWhereItsPlatformKeepsItsState() {
    try (TestPlatform platform = TestPlatform.start("store.url", "off")) {
      BackupStore.requireStateIn(platform.folder(), "nothing");
      platform.store(url);
      platform.restart();
      assertThatThrownBy(() -> BackupStore.requireStateIn(platform.folder(), "use pg_dump"))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("keeps its state in PostgreSQL, not in troth.db: use pg_dump");
      platform.store("off");
      platform.restart();
      BackupStore.requireStateIn(platform.folder(), "nothing");
    }
  }

  @Test
  void aSecondPlatformJoinsTheFirst() {
    try (TestPlatform first = start();
        TestPlatform second = start()) {
      assertThat(first.post("/api/update/1", "{\"value\":\"a\"}").status()).isEqualTo(200);
      assertThat(second.get("/api/record/1").body()).contains("\"a\"");
      assertThat(second.post("/api/update/1", "{\"value\":\"b\"}").status()).isEqualTo(200);
      assertThat(first.get("/api/record/1").body()).contains("\"b\"");
    }
  }

  @Test
  void aPlatformOfAnotherSchemaIsRefusedWhileOneRuns() {
    try (TestPlatform first = start()) {
      TestPostgres.execute(url, "UPDATE replica SET schema = '999-00000000'");
      assertThatThrownBy(() -> start().close())
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("is used by a platform with another schema (999-00000000, this")
          .hasMessageContaining("stop all of one version before you start another");
      assertThat(first.post("/api/update/1", "{\"value\":\"b\"}").status()).isEqualTo(200);
    }
  }

  @Test
  void aPlatformOfBeforeReplicasKeepsOthersOut() throws SQLException {
    try (Connection former = DriverManager.getConnection(url)) {
      former.createStatement().execute("SELECT pg_advisory_lock(" + 0x74726F7468L + ")");
      assertThatThrownBy(() -> start().close())
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("a version without replicas: stop that one first");
    }
  }

  @Test
  void aDatabaseOfSomethingElseIsRefusedAndLeftAsItIs() throws SQLException {
    TestPostgres.execute(url, "CREATE TABLE record (id INT)");
    assertThatThrownBy(() -> start().close())
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("holds tables of something else, such as record");
    try (Connection looking = DriverManager.getConnection(url);
        ResultSet tables =
            looking
                .createStatement()
                .executeQuery(
                    "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'")) {
      tables.next();
      assertThat(tables.getString(1)).isEqualTo("record");
    }
  }

  @Test
  void aCopyOfAFolderTakesThePlaceOnceAndTheOtherStaysOut() throws IOException {
    try (TestPlatform first = start();
        TestPlatform copy = TestPlatform.start("store.url", "off")) {
      for (String file : List.of("replica.id", "token.key")) {
        Files.copy(
            first.folder().resolve(file),
            copy.folder().resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
      copy.store(url);
      copy.restart();
      await().untilAsserted(() -> assertThat(first.get("/-/ready").status()).isEqualTo(503));
      // Longer than two renewals of a lease.
      await()
          .during(Duration.ofSeconds(7))
          .atMost(Duration.ofSeconds(30))
          .until(() -> copy.post("/api/update/1", "{\"value\":\"b\"}").status() == 200);
      assertThat(first.post("/api/update/1", "{\"value\":\"a\"}").status()).isEqualTo(503);
      copy.store("off");
      copy.restart();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> first.post("/api/update/1", "{\"value\":\"a\"}").status() == 200);
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
  void parametersThatTheDriverWouldPassOverAreNamedWithoutTheirValues() {
    for (String[] wrong :
        new String[][] {
          {"passwrd=sesame", "unknown parameter 'passwrd'"},
          {"password=sesame%pw", "parameter password has a % without two hexadecimal digits"},
          {"password=sesame&sslmode=nope", "parameter sslmode is 'nope', expected one of disable"}
        }) {
      assertThatThrownBy(() -> TestPlatform.start("store.url", url + "&" + wrong[0]).close())
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining(wrong[1])
          .hasMessageNotContaining("sesame");
    }
  }

  @Test
  void aDatabaseThatTakesNoTablesIsOneSentence() {
    String name = url.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
    TestPostgres.execute(url, "CREATE ROLE " + name + " LOGIN");
    String other = url.replaceFirst("user=[^&]*", "user=" + name);
    try {
      assertThatThrownBy(() -> TestPlatform.start("store.url", other).close())
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("user " + name + " may not make tables, expected the right CREATE");
      TestPostgres.execute(url, "GRANT ALL ON SCHEMA public TO " + name);
      TestPostgres.execute(
          url, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
      assertThatThrownBy(() -> TestPlatform.start("store.url", other).close())
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("is read-only for user " + name);
    } finally {
      String outside = url.replace("/" + name + "?", "/postgres?");
      TestPostgres.execute(
          outside, "ALTER DATABASE " + name + " RESET default_transaction_read_only");
      TestPostgres.execute(url, "DROP OWNED BY " + name);
      TestPostgres.execute(outside, "DROP ROLE " + name);
    }
  }

  @Test
  void whoMovesWithoutACopyIsWarnedOnce() {
    List<String> said = new CopyOnWriteArrayList<>();
    Handler listening =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            said.add(new SimpleFormatter().formatMessage(entry));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger("troth.database");
    log.addHandler(listening);
    try (TestPlatform platform = TestPlatform.start("store.url", "off")) {
      platform.store(url);
      platform.restart();
      platform.restart();
      assertThat(said)
          .filteredOn(line -> line.contains("holds the state that this platform kept so far"))
          .singleElement()
          .asString()
          .contains(platform.folder().resolve("troth.db").toString(), "troth store copy");
    } finally {
      log.removeHandler(listening);
    }
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
      assertThat(platform.get("/-/ready").body()).doesNotContain("its disk");
      TestPlatform.Answer read = platform.get("/api/record/1");
      assertThat(read.status()).isEqualTo(503);
      assertThat(read.body()).doesNotContain("nothing was stored");
      TestPostgres.open(url);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(platform.get("/-/ready").status()).isEqualTo(200));
      assertThat(platform.get("/api/record/1").body()).contains("before");
      assertThat(platform.post("/api/update/1", "{\"value\":\"after\"}").status()).isEqualTo(200);
    }
  }

  @Test
  void whileTheServerIsAwayWritesDoNotWaitForItOneAfterTheOther() throws Exception {
    int writes = 24;
    try (TestPlatform platform = start();
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      TestPostgres.close(url);
      assertThat(platform.post("/api/update/1", "{\"value\":\"first\"}").status()).isEqualTo(503);
      List<Future<TestPlatform.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < writes; i++) {
        answers.add(writers.submit(() -> platform.post("/api/update/1", "{\"value\":\"more\"}")));
      }
      for (Future<TestPlatform.Answer> answer : answers) {
        // The client gives each up after 20 s; one after the other they would take two minutes.
        assertThat(answer.get().status()).isEqualTo(503);
        assertThat(answer.get().header("Retry-After")).isEqualTo("5");
        assertThat(answer.get().body()).contains("nothing was stored: the database does not");
      }
      assertThat(platform.get("/-/ready").body()).contains("the database does not answer");
      TestPostgres.open(url);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(platform.post("/api/update/1", "{\"value\":\"back\"}").status())
                  .isEqualTo(200));
    }
  }

  @Test
  void aPlatformWhoseLeaseRanOutIsRefusedUntilItHasJoinedAgain() {
    try (TestPlatform platform = start()) {
      long before = platform.database().replicas().number();
      TestPostgres.execute(url, "UPDATE replica SET lease_until = now()");
      TestPlatform.Answer answer = platform.post("/api/update/1", "{\"value\":\"late\"}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("nothing was stored: the lease of this platform on");
      assertThat(platform.get("/api/record/1").body()).contains("Initial Value");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(platform.get("/-/ready").status()).isEqualTo(200));
      assertThat(platform.database().replicas().number()).isGreaterThan(before);
      assertThat(platform.post("/api/update/1", "{\"value\":\"again\"}").status()).isEqualTo(200);
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
                          WHERE table_schema = 'public' AND table_name NOT LIKE 'replica%'
                            AND table_name <> 'platform_secret'
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
