package dev.troth.server.folder;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;

/**
 * A folder and the files of it that count.
 *
 * @param glob which paths below the folder, such as {@code **.json}; empty for all
 */
public record Folder(String path, String glob) {
  private static final int LONGEST = 1_000;

  public Folder {
    if (!path.startsWith("/") || path.length() > LONGEST || path.contains("\0")) {
      throw new IllegalArgumentException(
          "url is '%s', expected a path that begins with /".formatted(path));
    }
    if (glob.length() > LONGEST) {
      throw new IllegalArgumentException(
          "glob has %d characters, expected at most %d".formatted(glob.length(), LONGEST));
    }
    var _ = matcher(glob);
  }

  /** What decides on a path below the folder. */
  PathMatcher matcher() {
    return matcher(glob);
  }

  private static PathMatcher matcher(String glob) {
    try {
      return glob.isEmpty()
          ? path -> true
          : FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "glob is '%s', expected a pattern such as **.json".formatted(glob), e);
    }
  }
}
