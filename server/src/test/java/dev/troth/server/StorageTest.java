package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the platform says when the disk is in the way: never that something was stored. */
class StorageTest {
  @TempDir private Path folder = Path.of("");

  private static String body(String name) {
    return "{\"name\":\"%s\",\"value\":\"%s\"}".formatted(name, "v".repeat(20_000));
  }

  @Test
  void aRemovedFolderStoresNothingInSilence() throws IOException {
    try (TestPlatform platform = TestPlatform.start("store.url", "off")) {
      assertThat(platform.post("/api/records", body("before")).status()).isEqualTo(201);
      Path away = folder.resolve("away.db");
      Files.move(platform.folder().resolve("troth.db"), away);
      TestPlatform.Answer answer = platform.post("/api/records", body("after"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.json().get("detail").asString())
          .startsWith("nothing was stored: database ")
          .endsWith("was removed or replaced while it was open: put it back and restart");
      await().untilAsserted(() -> assertThat(platform.get("/-/ready").status()).isEqualTo(503));
      Files.move(away, platform.folder().resolve("troth.db"), StandardCopyOption.REPLACE_EXISTING);
      assertThat(platform.get("/api/records").status()).isEqualTo(503);
      platform.restart();
      assertThat(platform.get("/api/records").body()).contains("before").doesNotContain("after");
      assertThat(platform.post("/api/records", body("again")).status()).isEqualTo(201);
      await().untilAsserted(() -> assertThat(platform.get("/-/ready").status()).isEqualTo(200));
    }
  }

  @Test
  void aFullDiskIsSaidAndForgottenWhenThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()) == 0,
        "this test mounts a small file system, which needs root");
    try (Platform platform = start(disk.resolve("data"))) {
      int port = platform.port("http").orElseThrow();
      Path ballast = disk.resolve("ballast");
      try (var out = Files.newOutputStream(ballast)) {
        out.write(new byte[1 << 20]);
        while (disk.toFile().getUsableSpace() > (1 << 20)) {
          out.write(new byte[1 << 18]);
        }
      }
      TestClient client = new TestClient(port);
      int status = 201;
      for (int i = 0; i < 200 && status == 201; i++) {
        status = client.post("/api/records", body("r" + i));
      }
      assertThat(status).isEqualTo(507);
      assertThat(client.get("/-/ready")).isEqualTo(503);
      Files.delete(ballast);
      assertThat(client.post("/api/records", body("room"))).isEqualTo(201);
      await().untilAsserted(() -> assertThat(client.get("/-/ready")).isEqualTo(200));
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  @Test
  void aDamagedDatabaseDoesNotStart() throws IOException {
    Path data = folder.resolve("damaged");
    try (Platform platform = start(data)) {
      assertThat(platform.port("http")).isPresent();
    }
    try (var file = new RandomAccessFile(data.resolve("troth.db").toFile(), "rw")) {
      byte[] noise = new byte[4096];
      new java.util.Random(7).nextBytes(noise);
      for (long page = 2; page < file.length() / 4096; page++) {
        file.seek(page * 4096);
        file.write(noise);
      }
    }
    assertThatThrownBy(() -> start(data).close())
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void aLockedDatabaseIsNotReady() throws IOException, SQLException {
    try (TestPlatform platform = TestPlatform.start("store.url", "off");
        Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + platform.folder().resolve("troth.db"))) {
      other.createStatement().execute("BEGIN IMMEDIATE");
      TestPlatform.Answer answer = platform.get("/-/ready");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body())
          .as("however many writes wait")
          .contains("not answered for 2 seconds");
      other.createStatement().execute("ROLLBACK");
      await().untilAsserted(() -> assertThat(platform.get("/-/ready").status()).isEqualTo(200));
    }
  }

  @Test
  void aFolderThatIsOpenToOthersIsClosedToThem() throws IOException {
    Path data = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Platform platform = start(data)) {
      assertThat(platform.port("http")).isPresent();
    }
    Files.setPosixFilePermissions(
        data.resolve("troth.db"), PosixFilePermissions.fromString("rw-r--r--"));
    try (Platform platform = start(data)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("troth.db"))))
          .isEqualTo("rw-------");
      assertThat(platform.port("http")).isPresent();
    }
  }

  private static Platform start(Path data) {
    return Main.start(
        Config.load(
            Inputs.flagsOnly(
                Map.of(
                    "data",
                    data.toString(),
                    "http.listen",
                    "0",
                    "otlp.http",
                    "0",
                    "otlp.grpc",
                    "off"))),
        Clock.systemUTC());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Statuses alone. */
  private record TestClient(int port) {
    int get(String path) throws Exception {
      return send(java.net.http.HttpRequest.newBuilder().GET(), path);
    }

    int post(String path, String json) throws Exception {
      return send(
          java.net.http.HttpRequest.newBuilder()
              .header("Content-Type", "application/json")
              .POST(java.net.http.HttpRequest.BodyPublishers.ofString(json)),
          path);
    }

    private int send(java.net.http.HttpRequest.Builder request, String path) throws Exception {
      try (var client = java.net.http.HttpClient.newHttpClient()) {
        return client
            .send(
                request.uri(java.net.URI.create("http://127.0.0.1:" + port + path)).build(),
                java.net.http.HttpResponse.BodyHandlers.discarding())
            .statusCode();
      }
    }
  }
}
