package dev.troth.server.ops;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder that holds all state, claimed by one process at a time through a locked file. */
public final class DataFolder implements Lifecycle {
  private static final String LOCK = "troth.lock";

  private final Path folder;
  private @Nullable FileChannel lock;

  public DataFolder(Path folder) {
    this.folder = folder;
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
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
      }
      lock = claim();
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
          "data folder %s is in use by process %s: stop it or choose another with --data"
              .formatted(folder, owner.isEmpty() ? "(unknown)" : owner));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }
}
