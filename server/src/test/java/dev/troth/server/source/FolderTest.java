package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files that somebody else writes. */
final class FolderTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private Path watched;

  @BeforeEach
  void start() throws IOException {
    watched = Files.createDirectories(folder.resolve("etc/app")).toRealPath();
    Files.writeString(watched.resolve("old.json"), "{\"a\":{\"b\":1}}");
    platform = TestPlatform.start("watch.folders", folder.resolve("etc").toString());
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private Answer add(Map<String, Object> more) {
    Map<String, Object> body =
        new TreeMap<>(Map.of("name", "conf", "kind", "files", "url", watched.toString()));
    body.putAll(more);
    return platform.post("/api/sources", Json.mapper().writeValueAsString(body));
  }

  /** Adds it, and waits until all that is there is known. */
  private void added(Map<String, Object> more) {
    Answer added = add(more);
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    await().until(() -> source().at("/stream/place").asString().equals("1"));
  }

  private JsonNode source() {
    return platform.get("/api/sources/conf").json();
  }

  private JsonNode changes(String target, int count) {
    String path = "/api/subjects/changes?limit=100&target=" + target;
    await()
        .untilAsserted(
            () -> assertThat(platform.get(path).json().get("items")).as(target).hasSize(count));
    return platform.get(path).json().get("items");
  }

  private static void replace(Path file, String text) throws IOException {
    Path beside = Files.writeString(file.resolveSibling(".new"), text);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void whatHappensToFilesIsToldByTheirValues() throws IOException {
    added(Map.of());
    replace(watched.resolve("old.json"), "{\"a\":{\"b\":2}}");
    JsonNode changed = changes("file/conf/old.json", 1).get(0);
    assertThat(changed.get("type").asString()).isEqualTo("file.changed");
    assertThat(changed.at("/before/content.a.b").asInt()).isEqualTo(1);
    assertThat(changed.at("/after/content.a.b").asInt()).isEqualTo(2);
    assertThat(changed.get("changed").toString()).isEqualTo("[\"content.a.b\",\"sha256\"]");
    Files.createDirectory(watched.resolve("sub"));
    Files.writeString(watched.resolve("sub/a*b.txt"), "grüße");
    Files.write(watched.resolve("sub/bytes"), new byte[] {0, 1});
    JsonNode created = changes("file/conf/sub/a%252Ab.txt", 1).get(0);
    assertThat(created.get("type").asString()).isEqualTo("file.created");
    assertThat(created.at("/after/content").asString()).isEqualTo("grüße");
    assertThat(changes("file/conf/sub/bytes", 1).get(0).get("after").toString())
        .isEqualTo(
            "{\"size\":2,\"sha256\":"
                + "\"b413f47d13ee2fe6c845b2ee141af81de858df4ec549a58b7970bb96645bc8d2\"}");
    Files.setLastModifiedTime(watched.resolve("old.json"), FileTime.fromMillis(0));
    Files.delete(watched.resolve("sub/bytes"));
    JsonNode deleted = changes("file/conf/sub/bytes", 2).get(0);
    assertThat(deleted.get("type").asString()).isEqualTo("file.deleted");
    assertThat(deleted.at("/before/size").asInt()).isEqualTo(2);
    changes("file/conf/old.json", 1);
    assertThat(source().get("changes").asInt()).isEqualTo(4);
    assertThat(platform.post("/api/sources/conf/test", "").json().get("detail").asString())
        .isEqualTo("2 files count");
  }

  @Test
  void aFileThatIsBeingWrittenIsToldOnceAndWhole() throws Exception {
    added(Map.of());
    Path file = watched.resolve("slow.txt");
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              // Longer than files rest, in steps that are shorter.
              for (int i = 0; i < 20; i++) {
                try {
                  Files.writeString(
                      file, "line\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                  Thread.sleep(Duration.ofMillis(60));
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    writer.join();
    replace(watched.resolve("end.txt"), "end");
    changes("file/conf/end.txt", 1);
    JsonNode told = changes("file/conf/slow.txt", 1);
    assertThat(told.get(0).at("/after/content").asString()).isEqualTo("line\n".repeat(20));
  }

  @Test
  void whatHappenedWhileThePlatformWasAwayIsToldAfterwards() throws IOException {
    added(Map.of("glob", "**.json"));
    platform.stop();
    replace(watched.resolve("old.json"), "{\"a\":{\"b\":3}}");
    Files.writeString(watched.resolve("new.json"), "[1]");
    Files.writeString(watched.resolve("other.txt"), "not asked for");
    platform.restart();
    assertThat(changes("file/conf/old.json", 1).get(0).at("/before/content.a.b").asInt())
        .isEqualTo(1);
    assertThat(changes("file/conf/new.json", 1).get(0).at("/after/content").toString())
        .isEqualTo("[1]");
    platform.stop();
    Files.delete(watched.resolve("new.json"));
    platform.restart();
    assertThat(changes("file/conf/new.json", 2).get(0).get("type").asString())
        .isEqualTo("file.deleted");
    assertThat(source().get("changes").asInt()).isEqualTo(3);
    assertThat(platform.delete("/api/sources/conf").status()).isEqualTo(200);
    assertThat(
            platform
                .database()
                .<Integer>read(handle ->
                    handle
                        .createQuery("SELECT count(*) FROM source_file")
                        .mapTo(Integer.class)
                        .one()))
        .isZero();
  }

  @Test
  void aLinkOutOfTheFolderIsRefusedAndSaid() throws IOException {
    Path outside = Files.writeString(folder.resolve("secret.txt"), "hush");
    Files.createSymbolicLink(watched.resolve("inside.txt"), watched.resolve("old.json"));
    added(Map.of());
    Files.createSymbolicLink(watched.resolve("out.txt"), outside);
    Files.createSymbolicLink(watched.resolve("up"), folder);
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/subjects/changes?target=source/conf").body())
                .contains("source.refused", "link out.txt leads out of the folder"));
    replace(watched.resolve("old.json"), "{\"a\":{\"b\":4}}");
    changes("file/conf/inside.txt", 1);
    assertThat(platform.post("/api/sources/conf/test", "").json().get("detail").asString())
        .isEqualTo(
            "2 files count; link out.txt leads out of the folder, link up leads out of the folder");
    assertThat(platform.get("/api/subjects/changes?target=*").body()).doesNotContain("hush");
  }

  @Test
  void aNameThatIsNotTextIsRefusedAndTheOthersGoOn() throws Exception {
    added(Map.of());
    for (String name : List.of("\\xff.json", "\\xfe.json", "\\xe9")) {
      shell("printf '{}' > \"$(printf '%s')\"".formatted(name));
    }
    Files.writeString(watched.resolve("ä.json"), "{}");
    Files.writeString(watched.resolve("ö.json"), "{\"a\":\"\\u0000\"}");
    changes("file/conf/ä.json", 1);
    changes("file/conf/ö.json", 1);
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/subjects/changes?target=source/conf").body())
                .contains("has a name that is not UTF-8"));
    assertThat(platform.post("/api/sources/conf/test", "").json().get("detail").asString())
        .isEqualTo(
            "3 files count; %E9 has a name that is not UTF-8, %FE.json has a name that is not UTF-8,"
                + " %FF.json has a name that is not UTF-8");
    assertThat(source().get("health").asString()).isEqualTo("ok");
  }

  private void shell(String script) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", script)
            .directory(watched.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void whatCannotBeWatchedIsRefusedAndAFolderThatGoesIsAFailure() throws IOException {
    Map<Map<String, Object>, String> wrong =
        Map.of(
            Map.of("url", folder.toString()), "not in one of the folders",
            Map.of("url", watched.resolve("old.json").toString()), "is no folder",
            Map.of("url", "etc"), "expected a path that begins with /",
            Map.of("glob", "[a"), "expected a pattern such as",
            Map.of("subject", "record"), "not the platform's own",
            Map.of("every", 60), "expected none of them");
    wrong.forEach((more, why) -> {
      Answer refused = add(more);
      assertThat(refused.status()).as(more + refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains(why);
    });
    added(Map.of());
    Path moved = Files.move(watched, folder.resolve("gone"));
    await().until(() -> source().get("health").asString().equals("failing"));
    assertThat(source().get("lastError").asString()).contains("is not there or not in one");
    for (int i = 0; i < 3; i++) {
      int failures = i + 1;
      await().until(() -> source().get("failures").asInt() >= failures);
      platform.clock().advance(Duration.ofMinutes(5));
    }
    changes("source/conf", 2);
    Files.move(moved, watched);
    platform.clock().advance(Duration.ofMinutes(1));
    await().until(() -> source().get("health").asString().equals("ok"));
    // Added, failed, recovered.
    changes("source/conf", 3);
    changes("file/conf/*", 0);
  }
}
