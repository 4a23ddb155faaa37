package dev.troth.server.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.rows.AllowedFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds whoever opens it is not opened, and what does all the same holds one thread. */
final class HangingFileTest {
  @TempDir Path temp;

  @Test
  @Timeout(20)
  void aPipeInTheFilesPlaceIsNotWaitedFor() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "there is no mkfifo");
    Path folder = temp.toRealPath();
    Path file = Files.writeString(folder.resolve("a.txt"), "a");
    FolderSource source = new FolderSource(new AllowedFolders(List.of(folder)));
    SeenFile seen =
        source.scan(new Folder(folder.toString(), "")).files().values().iterator().next();
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertThat(FileContents.read(seen)).isInstanceOf(FileContents.Read.Moved.class);
    assertThat(source.scan(new Folder(folder.toString(), "")).files()).isEmpty();
  }

  @Test
  void aLinkThatIsPutInTheWayLeadsNowhere() throws Exception {
    Path folder = Files.createDirectories(temp.toRealPath().resolve("watched"));
    Path outside = Files.createDirectories(temp.toRealPath().resolve("outside"));
    Files.writeString(outside.resolve("a.txt"), "secret");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = Files.writeString(inner.resolve("a.txt"), "plain!");
    try (InputStream in = Inside.read(folder, file)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("plain!");
    }
    Files.move(inner, folder.resolve("other"));
    Files.createSymbolicLink(inner, outside);
    assertThat(Files.readString(file)).isEqualTo("secret");
    assertThatThrownBy(() -> Inside.read(folder, file)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Inside.list(folder, inner)).isInstanceOf(IOException.class);
    Path link = Files.createSymbolicLink(folder.resolve("b.txt"), outside.resolve("a.txt"));
    assertThatThrownBy(() -> Inside.read(folder, link)).isInstanceOf(IOException.class);
  }
}
