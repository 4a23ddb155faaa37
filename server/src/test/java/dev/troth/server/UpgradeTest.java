package dev.troth.server;

import static dev.troth.server.UpgradeFixture.bearer;
import static dev.troth.server.UpgradeFixture.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data folders of earlier releases, opened by this one. */
final class UpgradeTest {
  private static final String OF_POSTGRES = ".postgresql.zip";
  private static final boolean ON_POSTGRES =
      System.getProperty("troth.store", "sqlite").equals("postgresql");

  @TempDir private Path folder = Path.of("");

  /** Those of the engine that is tested. */
  static List<String> earlier() throws IOException {
    try (Stream<Path> files = Files.list(UpgradeFixture.FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".zip") && name.endsWith(OF_POSTGRES) == ON_POSTGRES)
          .sorted()
          .toList();
    }
  }

  private static TestPlatform open(Path data, String store) {
    return TestPlatform.start(
        "data",
        data.toString(),
        "store.url",
        store,
        "auth.mode",
        "token",
        "slo.files",
        UpgradeFixture.OBJECTIVES.toAbsolutePath().toString());
  }

  private static Map<String, String> tokens(Path data) throws IOException {
    Map<String, String> tokens = new HashMap<>();
    for (String line : Files.readAllLines(data.resolve("tokens.txt"))) {
      tokens.put(line.split(" ")[0], line.split(" ")[1]);
    }
    return tokens;
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void allThatAnEarlierReleaseKeptIsThere(String zip) throws Exception {
    UpgradeFixture.unpack(UpgradeFixture.FOLDER.resolve(zip), folder);
    String store = "off";
    if (ON_POSTGRES) {
      store = TestPostgres.newDatabase();
      UpgradeRows.load(folder, store);
    }
    holdsAll(folder, store);
  }

  @Test
  void whatThisReleaseWritesIsWhatTheNextOneWillBeHeldTo() throws Exception {
    String store = ON_POSTGRES ? TestPostgres.newDatabase() : "off";
    UpgradeFixture.write(folder, store);
    String version = System.getProperty("troth.upgrade", "");
    if (ON_POSTGRES) {
      UpgradeRows.dump(store, folder);
    }
    if (!version.isEmpty()) {
      String name = version + (ON_POSTGRES ? OF_POSTGRES : ".zip");
      UpgradeFixture.pack(folder, UpgradeFixture.FOLDER.resolve(name));
    }
    if (ON_POSTGRES) {
      // What was packed is what a test of the next release unpacks.
      store = TestPostgres.newDatabase();
      UpgradeRows.load(folder, store);
    }
    holdsAll(folder, store);
  }

  private static void holdsAll(Path data, String store) throws IOException {
    Map<String, String> tokens = tokens(data);
    String[] ann = bearer(token(tokens, "ann"));
    String[] olga = bearer(token(tokens, "olga"));
    try (TestPlatform platform = open(data, store)) {
      holds(platform, ann, olga);
      assertThat(platform.get("/api/records", bearer(token(tokens, "bob"))).body())
          .contains("revoked");
      assertThat(platform.get("/api/inbox/unread", ann).body()).contains("3");
      // And it goes on: a write is told to the watcher of before.
      Answer written = platform.post("/api/update/1", "{\"value\":\"and after\"}", olga);
      assertThat(written.status()).as(written.body()).isEqualTo(200);
      await()
          .untilAsserted(
              () -> assertThat(platform.get("/api/inbox", ann).body()).contains("and after"));
      platform.restart();
      assertThat(platform.get("/api/records/1", ann).body()).contains("and after");
    }
  }

  private static void holds(TestPlatform platform, String[] ann, String[] olga) {
    assertThat(platform.get("/api/records/1", ann).body()).contains("told before the upgrade");
    assertThat(platform.get("/api/records/2", ann).body()).contains("Pump", "\"bar\":2.50");
    assertThat(platform.get("/api/records/7", ann).body()).contains("Valve", "shut");
    assertThat(platform.get("/api/inbox", ann).body())
        .contains("told before the upgrade", "Valve was created by olga");
    assertThat(platform.get("/api/watches", ann).body())
        .contains("\"target\":\"record/*\"", "\"filter\":\"price < 10\"");
    assertThat(platform.get("/api/endpoints", ann).body()).contains("https://hooks.example/troth");
    assertThat(platform.get("/api/tokens", olga).json().path("tokens")).hasSize(3);
    assertThat(platform.get("/api/objectives", ann).json().at("/objectives/0/requests/bad").asInt())
        .isEqualTo(30);
    assertThat(
            platform.get("/api/objectives", ann).json().at("/objectives/0/requests/total").asInt())
        .isEqualTo(300);
    assertThat(platform.get("/api/incidents", ann).body()).contains("orders-");
    assertThat(platform.get("/api/subjects/changes?target=slo/orders", ann).body())
        .contains("\"actor\":\"slo\"");
    Answer schema =
        platform.get(
            "http://127.0.0.1:"
                + platform.port("registry")
                + "/subjects/orders-value/versions/latest",
            ann);
    assertThat(schema.body()).contains("\"id\":1");
    assertThat(platform.get("/api/audit", olga).body())
        .contains("\"user\":\"olga\"", "record.updated", "token.revoked", "token.issued")
        .doesNotContain("\"user\":\"slo\"");
  }

  @Test
  void aFolderOfANewerReleaseIsRefusedAndStaysAsItIs() throws Exception {
    UpgradeFixture.unpack(UpgradeFixture.FOLDER.resolve("2026-11-29.zip"), folder);
    Path file = folder.resolve("troth.db");
    try (Connection newer = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = newer.createStatement()) {
      statement.execute(
          "INSERT INTO schema_history (version, what, checksum, at) VALUES (99999, 'later', 'x', '')");
    }
    assertThatThrownBy(() -> open(folder, "off").close())
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("[99999]")
        .hasMessageContaining("written by a newer one");
    try (Connection same = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = same.createStatement()) {
      assertThat(
              statement
                  .executeQuery("SELECT count(*) FROM schema_history WHERE version = 550")
                  .getInt(1))
          .isZero();
    }
  }
}
