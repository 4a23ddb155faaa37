package dev.troth.observe.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes as a {@code /proc} made of files tells of them. */
final class DiscoveryTest {
  @TempDir Path proc;

  @BeforeEach
  void someProcesses() throws IOException {
    process(41, 1_000, "/nowhere/node");
    process(42, 2_000, "/nowhere/python3");
  }

  @Test
  void aNumberThatIsGivenAgainIsAnotherProcess() throws IOException {
    Discovery discovery = discovery(Selector.ofProcess(42));
    Target before = discovery.look(42).orElseThrow();
    assertThat(discovery.isAlive(before)).isTrue();
    process(42, 2_001, "/nowhere/python3");
    assertThat(discovery.isAlive(before)).isFalse();
    assertThat(discovery.look(42)).isEmpty();
    assertThat(discovery.scan()).isEmpty();
  }

  @Test
  void aProgramIsFoundAgainUnderWhateverNumber() throws IOException {
    Discovery discovery = discovery(Selector.ofExecutable("*/python3"));
    Target before = discovery.look(42).orElseThrow();
    process(42, 2_001, "/nowhere/python3");
    assertThat(discovery.look(42)).isPresent().get().isNotEqualTo(before);
    assertThat(discovery.scan()).containsOnlyKeys(42);
  }

  @Test
  void theAgentNeverWatchesItself() throws IOException {
    process(7, 1, "/nowhere/node");
    assertThat(discovery(Selector.ofExecutable("*/node")).scan()).containsOnlyKeys(41);
  }

  @Test
  void aProgramGivenAsAnArgumentNamesNobody() throws IOException {
    for (String option : List.of("-e", "--eval", "-p")) {
      Files.writeString(
          proc.resolve("41/cmdline"), "/nowhere/node\0" + option + "\0serve(secret())\0");
      assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().service())
          .isEqualTo("node");
    }
    Files.writeString(proc.resolve("41/cmdline"), "/nowhere/node\0/srv/orders.js\0");
    assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().service())
        .isEqualTo("orders");
  }

  @Test
  void aServiceIsNamedByWhatItWasStartedAs() throws IOException {
    process(43, 1_000, "/usr/bin/redis-check-rdb");
    for (String first :
        List.of(
            "/usr/bin/redis-server", "redis-server *:6379", "-redis-server", "redis-server: x")) {
      Files.writeString(proc.resolve("43/cmdline"), first + "\0--port\0");
      assertThat(discovery(Selector.ofProcess(43)).look(43).orElseThrow().service())
          .as(first)
          .isEqualTo("redis-server");
    }
    Files.writeString(proc.resolve("43/cmdline"), "/opt/My App/redis-check-rdb\0");
    assertThat(discovery(Selector.ofProcess(43)).look(43).orElseThrow().service())
        .isEqualTo("redis-check-rdb");
    Files.writeString(proc.resolve("43/cmdline"), "");
    Files.createDirectories(proc.resolve("43/task/43"));
    Files.writeString(proc.resolve("43/task/43/comm"), "redis\n");
    assertThat(discovery(Selector.ofProcess(43)).look(43).orElseThrow().service())
        .isEqualTo("redis");
  }

  @Test
  void aServiceWhoseNameWouldSteerATerminalBearsAnother() throws IOException {
    Files.writeString(
        proc.resolve("41/cmdline"), "/nowhere/node\0/srv/ev\u001b]0;x\u0007\nfake.js\0");
    assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().service())
        .isEqualTo("ev\uFFFD]0;x\uFFFD\uFFFDfake");
    Files.writeString(proc.resolve("41/environ"), "OTEL_SERVICE_NAME=sv\u202ec\0");
    assertThat(discovery(Selector.ofProcess(41)).look(41).orElseThrow().resource())
        .containsEntry("service.name", "sv\uFFFDc");
  }

  @Test
  void aControlGroupTakesInItsProcessesAndNoOthers() throws IOException {
    String container = "ab".repeat(32);
    Files.writeString(
        proc.resolve("41/cgroup"),
        "4:memory:/docker/%s\n0::/docker/%s\n".formatted(container, container));
    Files.writeString(proc.resolve("42/cgroup"), "4:memory:/\n0::/system.slice/a:b.service\n");
    assertThat(discovery(Selector.ofCgroup("*" + container)).scan()).containsOnlyKeys(41);
    assertThat(discovery(Selector.ofCgroup("/system.slice/a:b.service")).scan())
        .containsOnlyKeys(42);
    assertThat(discovery(Selector.ofCgroup("/docker/*")).look(41).orElseThrow().resource())
        .containsEntry("container.id", container);
  }

  @Test
  void whatIsExcludedIsNoTarget() {
    Discovery discovery =
        new Discovery(
            new ProcessTable(proc),
            List.of(Selector.ofExecutable("/nowhere/*")),
            List.of(Selector.ofExecutable("*/node")),
            7,
            "host");
    assertThat(discovery.scan()).containsOnlyKeys(42);
  }

  private Discovery discovery(Selector selector) {
    return new Discovery(new ProcessTable(proc), List.of(selector), List.of(), 7, "host");
  }

  private void process(int number, long startTicks, String executable) throws IOException {
    Path folder = proc.resolve(Integer.toString(number));
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("stat"),
        "%d (a b) c) S 1 %s%d 0".formatted(number, "0 ".repeat(17), startTicks));
    Files.writeString(folder.resolve("cmdline"), executable + "\0x\0");
    Files.deleteIfExists(folder.resolve("exe"));
    Files.createSymbolicLink(folder.resolve("exe"), Path.of(executable));
  }
}
