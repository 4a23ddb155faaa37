package dev.troth.server.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The folders of this machine that sources may read, as its operator says. An admin names a path
 * over the network, so without this rule a source could read whatever the platform can.
 */
public record AllowedFolders(List<Path> folders) {
  public AllowedFolders {
    folders = List.copyOf(folders);
  }

  /** Those that are not there, so that nothing in them can be read. */
  public List<Path> missing() {
    return folders.stream().filter(folder -> !Files.isDirectory(folder)).toList();
  }

  /**
   * The path itself, links resolved.
   *
   * @throws StreamFailure when it is not there, or not in one of the folders
   */
  public Path require(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new StreamFailure("path '%s' cannot be a path here: %s".formatted(text, e.getReason()));
    }
    if (!path.isAbsolute()) {
      throw new StreamFailure("path is '%s', expected one that begins with /".formatted(text));
    }
    try {
      Path real = path.toRealPath();
      for (Path folder : folders) {
        if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
          return real;
        }
      }
    } catch (IOException e) {
      // Said below like a path outside: who asks learns nothing of what is there.
    }
    throw new StreamFailure(
        "path %s is not there or not in one of the folders of watch.folders, which are %s"
            .formatted(text, folders));
  }

  /**
   * The allowed folder that a path is in, links resolved.
   *
   * @param real as {@link #require} gave it
   */
  public Path base(Path real) {
    for (Path folder : folders) {
      try {
        Path base = folder.toRealPath();
        if (real.startsWith(base)) {
          return base;
        }
      } catch (IOException e) {
        // It is not there: another one holds the path.
      }
    }
    throw new StreamFailure("path %s is in none of the folders %s".formatted(real, folders));
  }
}
