package dev.troth.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a start of the demo leaves in its folder, and what it hands to the platform. */
final class DemoStartTest {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));

  @TempDir Path folder;

  private DemoPlan plan() {
    return new DemoPlan(
        folder, new DemoPorts(0, 0, 0, List.of()), 1, Optional.empty(), 1, 1, false, false);
  }

  @Test
  void aKeyThatAnEndedStartLeftEmptyIsMadeAnew() throws Exception {
    Path keys = Files.createFile(folder.resolve("orders.key"));
    Files.writeString(folder.resolve("orders.key.new"), "half");
    var _ = DemoKey.in(folder, Instant.now());
    String made = Files.readString(keys);
    assertThat(made.strip()).hasSize(64);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
    var _ = DemoKey.in(folder, Instant.now());
    assertThat(keys).hasContent(made);
    assertThat(Files.readString(folder.resolve("orders.token"))).matches("\\S+\\.\\S+\\.\\S+\\n");
    assertThat(folder.resolve("orders.key.new")).doesNotExist();
  }

  @Test
  void whatAStartBeganIsBegunAgainUntilOneHasComeThrough() {
    try (DemoFile ended = DemoFile.claim(plan())) {
      assertThat(ended.first("watches")).isTrue();
    }
    DemoFile.Addresses addresses =
        JsonMapper.shared()
            .readValue(
                "{\"pid\":1,\"consoles\":[\"http://127.0.0.1:1\"]}", DemoFile.Addresses.class);
    try (DemoFile whole = DemoFile.claim(plan())) {
      assertThat(whole.first("watches")).isTrue();
      whole.write(addresses);
    }
    try (DemoFile later = DemoFile.claim(plan())) {
      assertThat(later.first("watches")).isFalse();
      assertThat(later.first("mail")).isTrue();
    }
  }

  @Test
  void theObjectivesOfAFolderWithACommaAreOneFile() throws IOException {
    Path root = folder.resolve("a,b c");
    Files.createDirectories(root.resolve("app/orders"));
    Files.createFile(root.resolve("app/orders/orders.jar"));
    Files.copy(ROOT.resolve(".mvn/flags"), root.resolve("app/flags"));
    List<String> words =
        new Processes(plan(), root, Troth.class).platform(0, List.of(), Optional.empty()).command();
    assertThat(words.get(words.indexOf("--slo-files") + 1))
        .startsWith(folder + "/a\\,b c/examples/orders/slo.yaml");
  }
}
