package dev.troth.server.folder;

import dev.troth.server.rows.AllowedFolders;
import dev.troth.server.rows.LocalDisk;
import dev.troth.server.rows.StreamFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks through folders. What begins with a dot is left out; a link is followed if it leads to a
 * file of the folder.
 */
public final class FolderSource {
  private static final int MOST_FILES = 1_000;
  private static final int MOST_ENTRIES = 20_000;
  private static final int DEEPEST = 16;

  /** Stands where bytes of a name were not UTF-8. */
  private static final char REPLACED = '\uFFFD';

  private final AllowedFolders allowed;

  public FolderSource(AllowedFolders allowed) {
    this.allowed = allowed;
  }

  /**
   * What is in a folder.
   *
   * @param files by their paths
   * @param folders the folder and those in it, which a wake-up is asked for
   * @param refused what is there and cannot be told, and why, by its path
   */
  public record Scan(
      SortedMap<String, SeenFile> files, List<Path> folders, SortedMap<String, String> refused) {

    /** Whether what is at a path, or was, can be seen at all. */
    public boolean sees(String path) {
      for (String hidden : refused.keySet()) {
        if (path.equals(hidden) || path.startsWith(hidden + "/")) {
          return false;
        }
      }
      return true;
    }
  }

  private record Level(Path folder, int depth) {}

  /**
   * Looks through it.
   *
   * @throws StreamFailure when it is not there, not allowed or has too much in it
   */
  public Scan scan(Folder folder) {
    try {
      return LocalDisk.within(folder.path(), () -> look(folder));
    } catch (IOException e) {
      throw new StreamFailure("%s cannot be read: %s".formatted(folder.path(), e));
    }
  }

  private Scan look(Folder folder) {
    requireNames();
    Path root = allowed.require(folder.path());
    Path base = allowed.base(root);
    if (!Files.isDirectory(root)) {
      throw new StreamFailure("%s is no folder".formatted(folder.path()));
    }
    Scan scan = new Scan(new TreeMap<>(), new ArrayList<>(), new TreeMap<>());
    PathMatcher counts = folder.matcher();
    Deque<Level> open = new ArrayDeque<>(List.of(new Level(root, 1)));
    int entries = 0;
    while (!open.isEmpty()) {
      Level level = open.remove();
      try (DirectoryStream<Path> listed = Inside.list(base, level.folder())) {
        scan.folders().add(level.folder());
        for (Path entry : listed) {
          if (++entries > MOST_ENTRIES) {
            throw tooMany(folder, MOST_ENTRIES, "entries");
          }
          if (entry.getFileName().toString().startsWith(".")) {
            continue;
          }
          if (entry.getFileName().toString().indexOf(REPLACED) >= 0) {
            refuse(scan, root, entry, "has a name that is not UTF-8");
          } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            if (level.depth() == DEEPEST) {
              throw new StreamFailure(
                  "%s is deeper than %d folders".formatted(root.relativize(entry), DEEPEST));
            }
            open.add(new Level(entry, level.depth() + 1));
          } else if (counts.matches(root.relativize(entry))) {
            file(base, root, entry, scan);
            if (scan.files().size() > MOST_FILES) {
              throw tooMany(folder, MOST_FILES, "files that count");
            }
          }
        }
      } catch (NoSuchFileException e) {
        if (level.folder().equals(root)) {
          throw new StreamFailure("%s is not there".formatted(folder.path()));
        }
      } catch (IOException | DirectoryIteratorException e) {
        if (level.folder().equals(root)) {
          throw new StreamFailure("%s cannot be read: %s".formatted(folder.path(), reason(e)));
        }
        // What is in it is not told, and not said to be gone either.
        refuse(scan, root, level.folder(), "cannot be read: " + reason(e));
      }
    }
    return scan;
  }

  /** Names are bytes; in another encoding two files could have one name. */
  private static void requireNames() {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    if (!encoding.equalsIgnoreCase("UTF-8")) {
      throw new StreamFailure(
          "names of files are read as %s, expected UTF-8: start with LC_ALL=C.UTF-8"
              .formatted(encoding));
    }
  }

  private static void refuse(Scan scan, Path root, Path entry, String why) {
    String path = shown(root, entry);
    scan.refused().put(path, "%s %s".formatted(path, why));
  }

  /** What cannot be decoded as it is escaped in an address. */
  private static String shown(Path root, Path entry) {
    String path = root.relativize(entry).toString();
    return path.indexOf(REPLACED) < 0
        ? path
        : entry.toUri().getRawPath().substring(root.toUri().getRawPath().length());
  }

  /** In one word where there is one, without the path that stands before it. */
  static String reason(Exception e) {
    Throwable why = e instanceof DirectoryIteratorException within ? within.getCause() : e;
    return switch (why) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      case null, default -> String.valueOf(why);
    };
  }

  private static StreamFailure tooMany(Folder folder, int most, String what) {
    return new StreamFailure(
        "%s has more than %,d %s, expected fewer: choose some by a glob or a folder in it"
            .formatted(folder.path(), most, what));
  }

  private static void file(Path base, Path root, Path entry, Scan scan) throws IOException {
    String path = root.relativize(entry).toString();
    try {
      Optional<Path> real = real(root, entry);
      if (real.isEmpty()) {
        scan.refused().put(path, "link %s leads out of the folder".formatted(path));
      } else if (Files.isRegularFile(real.get(), LinkOption.NOFOLLOW_LINKS)) {
        scan.files().put(path, SeenFile.of(path, base, real.get()));
      }
    } catch (NoSuchFileException e) {
      // It went, or its link leads nowhere: it is not there.
    } catch (FileSystemException e) {
      refuse(scan, root, entry, "cannot be read: " + reason(e));
    }
  }

  /** Where a file is; empty when that is outside. */
  static Optional<Path> real(Path root, Path entry) throws IOException {
    Path real = entry.toRealPath();
    return real.startsWith(root) ? Optional.of(real) : Optional.empty();
  }
}
