package dev.troth.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ApiClient;
import dev.troth.testkit.Size;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The demo with its customers, before anything is made to fail: nobody is called. The slow machine
 * is one whose JVMs have no compiler, so that each first request and each later one takes longer.
 */
final class DemoCalmTest {
  /** What each objective has to have judged: more than the bad requests that make an incident. */
  private static final int JUDGED = Size.ofThisRun() == Size.FULL ? 600 : 60;

  @TempDir Path folder;

  @ParameterizedTest(name = "JVMs with {0}")
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
  void nobodyIsPagedBeforeTheFirstFault(String flag) throws Exception {
    Path data = folder.resolve("data");
    Path log = folder.resolve("demo.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dtroth.home=" + System.getProperty("troth.root"),
                "-cp",
                System.getProperty("java.class.path"),
                Troth.class.getName(),
                "demo",
                "--no-agent",
                "--rate=5",
                "--port=0",
                "--orders-port=0",
                "--otlp-port=0",
                "--data=" + data)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // The children inherit it.
    builder.environment().put("JDK_JAVA_OPTIONS", flag);
    Process demo = builder.start();
    try {
      DemoFile.Addresses at =
          await()
              .atMost(Duration.ofMinutes(4))
              .until(() -> DemoFile.read(data), found -> found.isPresent() || !demo.isAlive())
              .orElseThrow(() -> new AssertionError(contentOf(log.toFile())));
      ApiClient platform = new ApiClient(at.console(), Optional.empty());
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> items(platform, "objectives", "objectives"), all -> all.stream().allMatch(one -> one.path("requests").path("total").asInt() >= JUDGED));
      System.err.println(platform.get("/api/objectives").document().toPrettyString());
      assertThat(items(platform, "incidents", "incidents")).isEmpty();
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly().waitFor();
    }
  }

  private static List<JsonNode> items(ApiClient platform, String path, String list) {
    return platform.get("/api/" + path).document().path(list).valueStream().toList();
  }
}
