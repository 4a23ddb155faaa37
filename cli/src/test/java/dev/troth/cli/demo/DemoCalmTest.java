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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The demo with its customers, before anything is made to fail: nobody is called. The slow machine
 * is one whose JVMs have no compiler, so that the first requests and the later ones take longer.
 */
final class DemoCalmTest {
  /** What each objective has to have judged: far more than the bad requests of an incident. */
  private static final int JUDGED = Size.ofThisRun() == Size.FULL ? 600 : 60;

  @TempDir Path folder;

  @ParameterizedTest(name = "JVMs with {0}")
  @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-Xint"})
  void nobodyIsCalledBeforeTheFirstFault(String flag) throws Exception {
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
    // Each process of the demo inherits it.
    builder.environment().put("JDK_JAVA_OPTIONS", flag);
    Process demo = builder.start();
    try {
      Optional<DemoFile.Addresses> found =
          await()
              .atMost(Duration.ofMinutes(4))
              .until(() -> DemoFile.read(data), some -> some.isPresent() || !demo.isAlive());
      DemoFile.Addresses at = found.orElseThrow(() -> new AssertionError(contentOf(log.toFile())));
      await()
          .atMost(Duration.ofMinutes(10))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() ->
              assertThat(list(at.console(), "/api/objectives", "objectives"))
                  .isNotEmpty()
                  .allSatisfy(objective ->
                      assertThat(objective.at("/requests/total").asInt())
                          .as(objective.path("name").asString())
                          .isGreaterThanOrEqualTo(JUDGED)));

      assertThat(list(at.console(), "/api/objectives", "objectives"))
          .as("more than one promise is looked at")
          .hasSizeGreaterThan(3)
          .allSatisfy(objective ->
              assertThat(objective.path("state").asString())
                  .as(objective.toString())
                  .isNotIn("page", "ticket"));
      assertThat(list(at.console(), "/api/incidents", "incidents")).isEmpty();
      for (String target : List.of("slo/*", "incident/*")) {
        assertThat(list(at.console(), "/api/subjects/changes?target=" + target, "items"))
            .extracting(change -> change.path("type").asString())
            .noneMatch(type -> type.startsWith("alert.") || type.startsWith("incident."));
      }
      assertThat(get(at.mailbox().resolve("/"), "/demo/mailbox")).isEmpty();
      assertThat(get(at.webhook().resolve("/"), "/demo/webhook")).isEmpty();
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly().waitFor();
    }
  }

  private static List<JsonNode> list(URI service, String path, String name) {
    return get(service, path).path(name).valueStream().toList();
  }

  private static JsonNode get(URI service, String path) {
    return new ApiClient(service, Optional.empty()).get(path).document();
  }
}
