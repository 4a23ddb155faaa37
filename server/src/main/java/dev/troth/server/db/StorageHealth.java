package dev.troth.server.db;

import dev.troth.server.db.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of the file that a database writes: whether it is still there, and has room. */
final class StorageHealth {
  /** Below so many bytes a commit may fail at any time. */
  private static final long LEAST_FREE = 4L << 20;

  private final Path file;
  private volatile @Nullable Object opened;
  private volatile boolean lost;

  StorageHealth(Path file) {
    this.file = file;
  }

  /** Remembers which file was opened. */
  void opened() {
    opened = key();
  }

  /**
   * Throws unless the file that was opened is the one at its path: else commits go nowhere. Once it
   * was not, connections may stand on either, so only a restart helps.
   */
  void requireOwnFile() {
    Object known = opened;
    lost |= known != null && !known.equals(key());
    if (lost) {
      throw new StorageException(
          Kind.BROKEN,
          "database %s was removed or replaced while it was open: put it back and restart"
              .formatted(file));
    }
  }

  /** Why writes cannot work now; empty when they can, as far as can be told without one. */
  Optional<String> obstacle() {
    try {
      requireOwnFile();
      // Not of its FileStore: where "/" is no mount of its own, as in a chroot, there is none.
      long free = file.toFile().getUsableSpace();
      if (free < LEAST_FREE) {
        return Optional.of("the disk of %s has %d bytes left".formatted(file, free));
      }
    } catch (StorageException e) {
      return Optional.ofNullable(e.getMessage());
    }
    return Optional.empty();
  }

  /** The file's identity, such as its inode. */
  private @Nullable Object key() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Objects.requireNonNullElse(attributes.fileKey(), attributes.creationTime());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
