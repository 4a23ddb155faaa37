package dev.troth.server.folder;

import dev.troth.server.rows.StreamFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Opens what is below a folder step by step, each from the one before and through no link. A look
 * at where a path leads is true for a moment only: whoever may write in a folder can put a link in
 * the place of what was looked at. What is opened here is inside, whatever is exchanged meanwhile.
 */
final class Inside {
  private Inside() {}

  /** The entries of a folder. */
  static DirectoryStream<Path> list(Path base, Path folder) throws IOException {
    return open(base, folder);
  }

  /** The contents of a file. */
  static InputStream read(Path base, Path file) throws IOException {
    Path folder = file.getParent();
    Path name = file.getFileName();
    if (folder == null || name == null) {
      throw new IllegalArgumentException("%s is no file of %s".formatted(file, base));
    }
    // The file stays open when the folder that it was opened from is closed.
    try (SecureDirectoryStream<Path> parent = open(base, folder)) {
      return Channels.newInputStream(
          parent.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }
  }

  private static SecureDirectoryStream<Path> open(Path base, Path folder) throws IOException {
    if (!folder.startsWith(base)) {
      throw new IllegalArgumentException("%s is not below %s".formatted(folder, base));
    }
    SecureDirectoryStream<Path> at = secure(base);
    for (Path step : base.relativize(folder)) {
      if (step.toString().isEmpty()) {
        continue;
      }
      try (SecureDirectoryStream<Path> above = at) {
        at = above.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS);
      }
    }
    return at;
  }

  private static SecureDirectoryStream<Path> secure(Path base) throws IOException {
    DirectoryStream<Path> opened = Files.newDirectoryStream(base);
    if (opened instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    opened.close();
    throw new StreamFailure(
        "%s cannot be watched: this system opens files through links alone".formatted(base));
  }
}
