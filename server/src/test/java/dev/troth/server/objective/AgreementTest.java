package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Replicas that count by other files than the others say so. */
final class AgreementTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;

  private String url = "";
  private final List<TestPlatform> replicas = new ArrayList<>();

  @BeforeEach
  void open() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
  }

  @AfterEach
  void close() {
    replicas.forEach(TestPlatform::close);
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  /** Objective files of a machine, where that keeps them. */
  private Path files(String machine, String... texts) throws IOException {
    Path files = Files.createDirectories(folder.resolve(machine).resolve("slo"));
    for (int i = 0; i < texts.length; i++) {
      Files.writeString(files.resolve("file%d.yaml".formatted(i)), texts[i]);
    }
    return files;
  }

  private TestPlatform start(Path files, String watermark) {
    TestPlatform replica =
        TestPlatform.start(
            "store.url", url, "slo.files", files.toString(), "slo.watermark", watermark);
    replicas.add(replica);
    return replica;
  }

  private static List<String> warnings(TestPlatform replica) {
    TestPlatform.Answer answer = replica.get("/-/ready");
    assertThat(answer.status()).isEqualTo(200);
    List<String> warnings = new ArrayList<>();
    for (JsonNode one : answer.json().path("warnings")) {
      warnings.add(one.asString());
    }
    return warnings;
  }

  @Test
  void aReplicaThatOpensTheDatabaseToOthersSaysSo() {
    TestPlatform first = TestPlatform.start("store.url", url, "auth.mode", "token");
    replicas.add(first);
    TestPlatform other =
        TestPlatform.start("store.url", url, "visibility", "order=admins", "watch.keep", "9d");
    replicas.add(other);
    String there = " here, at replica %d, and '%s' at replica %d: give all replicas the same";
    long own = other.database().replicas().number();
    long firsts = first.database().replicas().number();
    assertThat(warnings(other))
        .contains(
            "auth.mode is 'development'" + there.formatted(own, "token", firsts),
            "visibility is '{order=admins}'" + there.formatted(own, "{}", firsts))
        .anyMatch(one -> one.startsWith("watch.keep is 'PT216H' here"));
  }

  @Test
  void aReplicaWithOtherObjectiveFilesNamesThemAndTheDifference() throws IOException {
    String text = Files.readString(FILE);
    TestPlatform first = start(files("a", text, text.replace("0.99", "0.98")), "5s");
    TestPlatform same = start(files("b", text, text.replace("0.99", "0.98")), "5s");
    assertThat(warnings(first)).isEmpty();
    assertThat(warnings(same)).isEmpty();
    TestPlatform other = start(files("c", text, text, text), "6s");
    long a = first.database().replicas().number();
    long c = other.database().replicas().number();
    assertThat(warnings(other))
        .contains(
            "objective file file1.yaml says something else here, at replica %d, than at replica %d: give all replicas the same"
                .formatted(c, a),
            "objective file file2.yaml is here, at replica %d, and replica %d lacks it: give all replicas the same"
                .formatted(c, a),
            "slo.watermark is 'PT6S' here, at replica %d, and 'PT5S' at replica %d: give all replicas the same"
                .formatted(c, a))
        .hasSize(6);
    // The first hears of it too, though it was there before; a look counts for a second.
    await()
        .untilAsserted(() ->
            assertThat(warnings(first))
                .hasSize(3)
                .anyMatch(one -> one.contains("file2.yaml is missing here, at replica " + a)));
    replicas.removeLast().close();
    await().untilAsserted(() -> assertThat(warnings(first)).isEmpty());
  }
}
