package dev.troth.server.db;

import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks through a database for damage before anything relies on it. */
final class Integrity {
  /** What is looked through in a few hundred milliseconds; a larger file is checked by command. */
  private static final long LARGEST = 64L << 20;

  private Integrity() {}

  /**
   * Checks the structure of all pages.
   *
   * @throws CannotStart when they are damaged
   */
  static void check(Database database, Path file) {
    String found;
    try {
      if (Files.size(file) > LARGEST) {
        return;
      }
      found =
          database.read(
              handle -> handle.createQuery("PRAGMA quick_check(1)").mapTo(String.class).one());
    } catch (StorageException e) {
      found = String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new CannotStart("database %s cannot be read: %s".formatted(file, e.getMessage()));
    }
    if (!found.equals("ok")) {
      throw new CannotStart(
          "database %s is damaged (%s): restore a backup, or take what can be read with sqlite3 .recover"
              .formatted(file, found));
    }
  }
}
