package dev.troth.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Troth;
import dev.troth.cli.demo.story.Failure;
import dev.troth.cli.demo.story.Ids;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with two platforms on a PostgreSQL of its own, where the machine has its programs. */
final class DemoReplicasTest {
  @TempDir Path folder;

  @Test
  void theStoryGoesThroughTwoPlatformsAndAllOfItEndsWithAKilledDemo() throws Exception {
    assumeThat(Path.of("/usr/lib/postgresql")).as("PostgreSQL of this machine").isDirectory();
    Path data = folder.resolve("data");
    Path log = folder.resolve("demo.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dtroth.home=" + System.getProperty("troth.root"),
            "-cp",
            System.getProperty("java.class.path"),
            Troth.class.getName(),
            "demo",
            "--replicas=2",
            "--no-agent",
            "--rate=0",
            "--port=0",
            "--orders-port=0",
            "--otlp-port=0",
            "--data=" + data);
    Process demo =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Optional<DemoFile.Addresses> found =
          await()
              .atMost(Duration.ofSeconds(120))
              .until(() -> DemoFile.read(data), some -> some.isPresent() || !demo.isAlive());
      DemoFile.Addresses at = found.orElseThrow(() -> new AssertionError(contentOf(log.toFile())));
      assertThat(at.consoles()).hasSize(2).doesNotHaveDuplicates();

      Ids ids = StoryLinks.tell(at, data, Failure.PUBLISH, false);

      for (URI console : at.consoles()) {
        StoryLinks links = new StoryLinks(at.seenFrom(console));
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> links.assertTold(ids.fired(), "alert.fired", ids.failure()));
        links.assertKept(ids.order());
      }
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("demo/postgres.password"))))
          .isEqualTo("rw-------");

      List<ProcessHandle> all = demo.descendants().toList();
      assertThat(all).anyMatch(one -> one.info().command().orElse("").endsWith("/bin/postgres"));
      demo.destroyForcibly().waitFor();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }
  }

  @Test
  void theNewestProgramsAreTakenAndNoneIsAnErrorThatSaysWhatToInstall() throws Exception {
    for (String version : List.of("9.6", "15", "18")) {
      Path bin = Files.createDirectories(folder.resolve(version).resolve("bin"));
      Files.createFile(
          bin.resolve("postgres"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    assertThat(DemoDatabase.newest(folder)).isEqualTo(folder.resolve("18/bin"));
    Path none = Files.createDirectories(folder.resolve("none"));
    assertThatThrownBy(() -> DemoDatabase.newest(none))
        .hasMessageContaining("there is none in " + none)
        .hasMessageContaining("apt-get install postgresql");
  }
}
