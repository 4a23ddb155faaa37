package dev.troth.cli.gate.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording in a folder that others may write to. */
class RecordingFileTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder = Path.of("");

  private Path write() throws Exception {
    Path file = folder.resolve("recorded");
    try (RecordingFile recording = RecordingFile.open(file)) {
      recording.write(new Recording(List.of(), NOW));
    }
    return file;
  }

  @Test
  void aLinkThatLiesInTheWayIsNotFollowed() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "another's");
    Files.createSymbolicLink(folder.resolve("recorded.new"), victim);
    Path file = write();
    assertThat(victim).hasContent("another's");
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(RecordingFile.read(file).claims()).isEmpty();
  }

  @Test
  void aLinkInPlaceOfTheLockIsRefused() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "another's");
    Files.createSymbolicLink(folder.resolve("recorded.lock"), victim);
    assertThatThrownBy(() -> RecordingFile.open(folder.resolve("recorded")))
        .hasMessageContaining("recorded");
    assertThat(victim).hasContent("another's");
  }

  @Test
  void whatOthersMayReadIsReplaced() throws Exception {
    Path before = Files.writeString(folder.resolve("recorded.new"), "");
    Files.setPosixFilePermissions(before, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(write())))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileWithoutAnEndIsRefused() {
    Path zeros = Path.of("/dev/zero");
    assumeTrue(Files.exists(zeros), "there is no /dev/zero here");
    assertThatThrownBy(() -> RecordingFile.read(zeros))
        .hasMessage("/dev/zero has more than 67,108,864 bytes, the most of a recording");
  }
}
