package dev.troth.server.ops;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The folder that holds all state, claimed by one process at a time through a locked file. */
public final class DataFolder implements Lifecycle {
  private static final String LOCK = "troth.lock";

  private final Path folder;
  private final String option;
  private @Nullable FileChannel lock;

  public DataFolder(Path folder) {
    this(folder, "--data");
  }

  /**
   * A folder as a command names it.
   *
   * @param option by which another is chosen
   */
  public DataFolder(Path folder, String option) {
    this.folder = folder;
    this.option = option;
  }

  /** A file in the folder; nothing is created. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public String name() {
    return "data folder";
  }

  /** Makes the folder, for its owner alone, and claims it. */
  @Override
  public void start() {
    try {
      boolean found = Files.isDirectory(folder);
      Files.createDirectories(folder);
      lock = claim();
      closeToOthers(found);
    } catch (AccessDeniedException e) {
      throw new CannotStart("data folder %s is not writable: %s".formatted(folder, e.getMessage()));
    } catch (FileAlreadyExistsException e) {
      throw new CannotStart("data folder %s: %s is a file".formatted(folder, e.getMessage()));
    } catch (IOException e) {
      throw new CannotStart("data folder %s cannot be used: %s".formatted(folder, e.getMessage()));
    }
  }

  @Override
  public void stop() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      // The process's end releases the lock as well.
      System.getLogger("troth").log(System.Logger.Level.WARNING, "cannot release the lock", e);
    }
  }

  /** What it holds is its owner's alone: tokens' secrets and keys are among it. */
  private void closeToOthers(boolean found) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    restrict(folder, "rwx------", found);
    for (String name : List.of("troth.db", "troth.db-wal", "troth.db-shm")) {
      if (Files.exists(file(name))) {
        restrict(file(name), "rw-------", true);
      }
    }
  }

  /** Takes others' rights away; tells so if somebody may have used them. */
  private static void restrict(Path path, String wanted, boolean tells) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (PosixFilePermissions.fromString(wanted).containsAll(permissions)) {
      return;
    }
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(wanted));
    } catch (FileSystemException e) {
      throw new CannotStart(
          "%s is open to others (%s) and cannot be closed to them: expected %s"
              .formatted(path, PosixFilePermissions.toString(permissions), wanted));
    }
    if (!tells) {
      return;
    }
    System.getLogger("troth")
        .log(
            System.Logger.Level.WARNING,
            "{0} was open to others ({1}), now it is {2}",
            path,
            PosixFilePermissions.toString(permissions),
            wanted);
  }

  private FileChannel claim() throws IOException {
    FileChannel channel =
        FileChannel.open(
            file(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean claimed = false;
    try {
      claimed = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another platform of this very process holds it.
    }
    if (!claimed) {
      String owner = Files.readString(file(LOCK)).strip();
      channel.close();
      throw new CannotStart(
          "data folder %s is in use by process %s: stop it or choose another with %s"
              .formatted(folder, owner.isEmpty() ? "(unknown)" : owner, option));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }
}
