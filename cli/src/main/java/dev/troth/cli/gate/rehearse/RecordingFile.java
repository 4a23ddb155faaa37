package dev.troth.cli.gate.rehearse;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.command.OutputFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of a recording, for its owner alone. It is replaced in one step, so that whoever reads
 * it finds a whole one whatever ended the writer. One gate at a time writes it.
 */
public final class RecordingFile implements AutoCloseable {
  private static final int LARGEST = 64 << 20;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final Set<OpenOption> WRITE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final Set<OpenOption> LOCK =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final FileAttribute<Set<PosixFilePermission>> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final Path fresh;
  private final FileChannel channel;

  private RecordingFile(Path file, Path fresh, FileChannel channel) {
    this.file = file;
    this.fresh = fresh;
    this.channel = channel;
  }

  /** Takes the file for this process; a command's usage error says why it cannot be had. */
  static RecordingFile open(Path file) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      FileChannel channel =
          FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"), LOCK, OWN);
      if (lock(channel) == null) {
        channel.close();
        throw CommandException.usage(
            "%s is written by another gate, expected a file for each".formatted(file));
      }
      return new RecordingFile(file, fresh, channel);
    } catch (IOException e) {
      throw OutputFile.unwritable(fresh, e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  /** What the file holds, or an empty recording where there is none yet. */
  Recording recording(List<String> claims, Instant now) {
    if (!Files.exists(file)) {
      return new Recording(claims, now);
    }
    Recording former = read(file);
    if (!former.claims().equals(claims)) {
      throw CommandException.usage(
          "%s records the claims %s, expected %s: name another file"
              .formatted(file, former.claims(), claims));
    }
    return former;
  }

  /** The recording of a file; a command's usage error says why it is none. */
  static Recording read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) { // a device has no size, nor an end
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    }
    if (bytes.length > LARGEST) {
      throw CommandException.usage(
          "%s has more than %,d bytes, the most of a recording".formatted(file, LARGEST));
    }
    try {
      return RecordingText.read(bytes);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("%s %s".formatted(file, e.getMessage()));
    }
  }

  /** Replaces the file. */
  void write(Recording recording) throws IOException {
    // What lies there may be a link, or another's who would go on reading.
    Files.deleteIfExists(fresh);
    try (FileChannel written = FileChannel.open(fresh, WRITE, OWN)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(written), BUFFER_BYTES);
      RecordingText.write(recording, out);
      out.flush();
      written.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
