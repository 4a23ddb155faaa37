package dev.troth.server.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.rows.AllowedFolders;
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
    SeenFile seen = source.scan(new Folder(folder.toString(), "")).files().get("a.txt");
    assertThat(seen).isNotNull();
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertThat(FileContents.read(seen)).isInstanceOf(FileContents.Read.Moved.class);
    assertThat(source.scan(new Folder(folder.toString(), "")).files()).isEmpty();
  }
}
