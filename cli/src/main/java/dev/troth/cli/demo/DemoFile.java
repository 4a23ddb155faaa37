package dev.troth.cli.demo;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Where a running demo says how it is reached: {@code demo/demo.json} in its data folder. */
final class DemoFile implements AutoCloseable {
  private final Path folder;
  private final FileChannel lock;
  private final List<String> begun = new ArrayList<>();

  /**
   * Where the processes of a running demo are.
   *
   * @param spans who makes the spans: {@code agent} or {@code services}
   */
  record Addresses(
      long pid,
      List<URI> consoles,
      URI api,
      URI handler,
      URI store,
      URI consumer,
      URI traffic,
      URI mailbox,
      URI webhook,
      String spans) {
    Addresses {
      consoles = List.copyOf(consoles);
    }

    /** The first platform's; others work beside it on the same database. */
    URI console() {
      return consoles.getFirst();
    }

    /** The same demo, looked at from one of its platforms. */
    Addresses seenFrom(URI one) {
      return new Addresses(
          pid, List.of(one), api, handler, store, consumer, traffic, mailbox, webhook, spans);
    }

    /** Who can be made to go wrong. */
    List<URI> faulty() {
      return List.of(handler, store, traffic);
    }
  }

  private DemoFile(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Claims the folder for one demo at a time; it is made, for its owner alone. */
  static DemoFile claim(DemoPlan plan) {
    Path folder = plan.folder();
    try {
      if (!Files.isDirectory(plan.data())) {
        Files.createDirectories(plan.data());
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(plan.data(), PosixFilePermissions.fromString("rwx------"));
        }
      }
      Files.createDirectories(plan.logs());
      FileChannel channel =
          FileChannel.open(
              folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel) == null) {
        channel.close();
        throw CommandException.failed(
            "a demo is running in %s already: stop it or choose another folder with --data"
                .formatted(plan.data()));
      }
      return new DemoFile(folder, channel);
    } catch (IOException e) {
      throw CommandException.failed(
          "cannot write to the data folder %s: %s".formatted(plan.data(), reason(e)));
    }
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getMessage() + " is not writable";
      case FileAlreadyExistsException there -> there.getMessage() + " is a file";
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Says how the demo is reached; with that, what was begun for the first time is done. */
  void write(Addresses addresses) {
    try {
      for (String what : begun) {
        Files.write(done(what), new byte[0]);
      }
      Files.write(file(folder), JsonMapper.shared().writeValueAsBytes(addresses));
    } catch (IOException e) {
      throw CommandException.failed("cannot write below " + folder + ": " + e.getMessage());
    }
  }

  /** Whether something is to be done, since no demo in this folder has started with it. */
  boolean first(String what) {
    if (Files.exists(done(what))) {
      return false;
    }
    begun.add(what);
    return true;
  }

  private Path done(String what) {
    return folder.resolve(what + ".done");
  }

  /** The demo that runs on a data folder, if one does. */
  static Optional<Addresses> read(Path data) {
    try {
      Addresses addresses =
          JsonMapper.shared()
              .readValue(Files.readAllBytes(file(data.resolve("demo"))), Addresses.class);
      return Optional.of(addresses).filter(a -> ProcessHandle.of(a.pid()).isPresent());
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  /** The demo that runs on a data folder. */
  static Addresses require(Path data) {
    return read(data)
        .orElseThrow(() ->
            CommandException.failed(
                "no demo is running in " + data + ": start one with './troth demo'"));
  }

  private static Path file(Path folder) {
    return folder.resolve("demo.json");
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file(folder));
      lock.close();
    } catch (IOException e) {
      // the lock ends with the process, and a file of a dead process counts for nothing
    }
  }
}
