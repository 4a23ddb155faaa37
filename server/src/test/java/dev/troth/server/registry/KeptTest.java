package dev.troth.server.registry;

import static dev.troth.server.registry.RegistryClient.json;
import static dev.troth.server.registry.RegistryClient.refused;
import static dev.troth.server.registry.RegistryClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.registry.schema.SubjectName;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An answer that is kept is never older than the last write that somebody was told of. */
class KeptTest {
  private static final SubjectName SUBJECT = SubjectName.of("a-value");
  private static final String STRING = "{\"type\":\"string\"}";
  private static final String SHORT = "{\"type\":\"string\",\"maxLength\":3}";

  private TestPlatform platform;
  private RegistryClient registry;
  private Kept kept;
  private final AtomicInteger loads = new AtomicInteger();

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
    registry = new RegistryClient(platform);
    kept = new Kept(platform.database());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Supplier<Ready> load(boolean lasting) {
    return () -> Ready.of("", loads.incrementAndGet(), lasting);
  }

  private int asked() {
    var _ = kept.of(SUBJECT, "key", load(true));
    return loads.get();
  }

  @Test
  void theSameIsFoundOutOnceUntilItsSubjectIsWritten() {
    assertThat(List.of(asked(), asked()))
        .as("other platforms on the database tell nobody what they write")
        .isEqualTo(platform.isOnSqlite() ? List.of(1, 1) : List.of(1, 2));
    int before = loads.get();
    kept.writing(SUBJECT, () -> true);
    assertThat(asked()).isEqualTo(before + 1);
    kept.writing(() -> true);
    assertThat(asked()).isEqualTo(before + 2);
  }

  @Test
  void whileAWriteRunsNothingKeptCountsAndNothingIsKept() {
    int before = asked();
    kept.writing(
        SUBJECT,
        () -> {
          assertThat(asked()).isEqualTo(before + 1);
          return asked();
        });
    assertThat(asked()).as("what was seen during the write").isEqualTo(before + 3);
  }

  @Test
  void whatWasFoundOutWhileSomebodyWroteIsNotKept() {
    var _ =
        kept.of(
            SUBJECT,
            "key",
            () -> {
              kept.writing(SUBJECT, () -> true);
              return load(true).get();
            });
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void whatDependsOnMoreIsNotKept() {
    var _ = kept.of(SUBJECT, "key", load(false));
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void moreThanMemoryAllowsIsForgotten() {
    Assumptions.assumeTrue(platform.isOnSqlite(), "nothing is kept on PostgreSQL");
    int before = asked();
    for (int i = 0; i < 200; i++) {
      var _ = kept.of(SUBJECT, i, () -> Ready.of("", "x".repeat(100_000), true));
    }
    assertThat(asked()).isEqualTo(before + 1);
  }

  /** Every answer is asked twice before the write, so that it is kept if it ever is. */
  @Test
  void eachAnswerFollowsRegistrationsDeletionsAndLevelsAtOnce() {
    int id = registry.id("a-value", STRING);
    String latest = "/subjects/a-value/versions/latest";
    String check = "/compatibility/subjects/a-value/versions";
    for (int i = 0; i < 2; i++) {
      assertThat(registry.get(latest).json().path("version").asInt()).isEqualTo(1);
      assertThat(registry.get("/schemas/ids/" + id).status()).isEqualTo(200);
      assertThat(registry.post("/subjects/a-value", json(STRING)).status()).isEqualTo(200);
      refused(registry.post("/subjects/a-value", json(SHORT)), 40403);
      assertThat(compatible(check)).isFalse();
      assertThat(compatible(check + "/latest")).isFalse();
      assertThat(registry.id("a-value", STRING)).isEqualTo(id);
    }
    registry.put("/config", "{\"compatibility\":\"NONE\"}");
    assertThat(compatible(check)).as("the level of all").isTrue();
    registry.put("/config/a-value", "{\"compatibility\":\"BACKWARD\"}");
    assertThat(compatible(check)).as("the subject's level").isFalse();
    registry.put("/config/a-value", "{\"compatibility\":\"NONE\"}");

    int second = registry.id("a-value", SHORT);
    assertThat(registry.get(latest).json().path("version").asInt()).isEqualTo(2);
    assertThat(registry.post("/subjects/a-value", json(SHORT)).json().path("id").asInt())
        .isEqualTo(second);
    registry.delete("/subjects/a-value/versions/2");
    assertThat(registry.get(latest).json().path("version").asInt()).isEqualTo(1);
    refused(registry.post("/subjects/a-value", json(SHORT)), 40403);
    assertThat(registry.get("/schemas/ids/" + second).status()).isEqualTo(200);
    registry.delete("/subjects/a-value/versions/2?permanent=true");
    refused(registry.get("/schemas/ids/" + second), 40403);
    assertThat(registry.register("a-value", with(json(SHORT), "metadata", List.of())).status())
        .isEqualTo(200);
    registry.delete("/subjects/a-value");
    refused(registry.get(latest), 40401);
    refused(registry.post("/subjects/a-value", json(STRING)), 40401);
  }

  private boolean compatible(String check) {
    return registry.post(check, json(SHORT)).json().path("is_compatible").asBoolean();
  }

  @Test
  void aFileThatIsGoneAnswersNothingMore() throws Exception {
    Assumptions.assumeTrue(platform.isOnSqlite(), "PostgreSQL has no file of ours");
    int id = registry.id("a-value", STRING);
    assertThat(registry.get("/schemas/ids/" + id).status()).isEqualTo(200);
    assertThat(registry.get("/schemas/ids/" + id).status()).isEqualTo(200);
    Files.move(platform.folder().resolve("troth.db"), platform.folder().resolve("elsewhere.db"));
    assertThat(registry.get("/schemas/ids/" + id).status()).isEqualTo(503);
  }
}
