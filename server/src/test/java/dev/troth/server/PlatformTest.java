package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTest {
  @TempDir Path folder;

  private static Config config(Path data, int port) {
    return Config.load(
        Inputs.flagsOnly(
            Map.of(
                "data",
                data.toString(),
                "http.listen",
                Integer.toString(port),
                "registry.listen",
                "off",
                "otlp.http",
                "off",
                "otlp.grpc",
                "off")));
  }

  @Test
  void answersThatItIsHealthyAndReady() {
    try (TestPlatform platform = TestPlatform.start()) {
      assertThat(platform.get("/-/healthy").status()).isEqualTo(200);
      assertThat(platform.get("/-/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void anUnknownPathIsAProblemDocument() {
    try (TestPlatform platform = TestPlatform.start()) {
      var answer = platform.get("/api/nothing");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.json().get("detail").asString())
          .isEqualTo("there is nothing at /api/nothing");
    }
  }

  @Test
  void aWrongMethodNamesTheMethodsThatThePathHas() {
    try (TestPlatform platform = TestPlatform.start()) {
      var answer = platform.post("/-/ready", "{}");
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
      assertThat(answer.json().get("detail").asString())
          .isEqualTo("POST is not a method of /-/ready, expected GET, HEAD");
    }
  }

  @Test
  void aSecondPlatformOnTheSameDataIsRefused() {
    try (Platform first = Main.start(config(folder, 0), Clock.systemUTC())) {
      assertThat(first.port("http")).isPresent();
      assertThatThrownBy(() -> Main.start(config(folder, 0), Clock.systemUTC()))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aPortInUseIsOneClearLineAndReleasesTheData() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Config config = config(folder, taken.getLocalPort());
      assertThatThrownBy(() -> Main.start(config, Clock.systemUTC()))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("http cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
    Main.start(config(folder, 0), Clock.systemUTC()).close();
  }

  @Test
  void aDataFolderThatIsAFileIsOneClearLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Main.start(config(file, 0), Clock.systemUTC()))
        .isInstanceOf(CannotStart.class)
        .hasMessage("data folder %s: %s is a file".formatted(file, file));
  }
}
