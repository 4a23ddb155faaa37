package dev.troth.gate.keys;

import dev.troth.gate.core.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keys in a file, read again when the file changes. A change that cannot be read is reported and
 * the former keys stay.
 */
public final class KeyFile implements KeySource {
  private static final long MAX_BYTES = 512 * 1024;
  private static final long LOOK_EVERY_MILLIS = Duration.ofSeconds(1).toMillis();

  private final Path path;
  private final Set<Algorithm> algorithms;
  private final InstantSource clock;
  private final Consumer<String> problems;
  private volatile Keyring keys;
  private volatile Stamp stamp;
  private volatile long nextLook;

  private record Stamp(FileTime modified, long bytes) {}

  /** Reads the file; a {@link KeyException} says why it is not usable. */
  public KeyFile(
      Path path, Set<Algorithm> algorithms, InstantSource clock, Consumer<String> problems) {
    this.path = path;
    this.algorithms = Set.copyOf(algorithms);
    this.clock = clock;
    this.problems = problems;
    try {
      stamp = stamp();
      keys = read();
    } catch (IOException e) {
      throw new KeyException("key file %s cannot be read: %s".formatted(path, e), e);
    }
    nextLook = clock.millis() + LOOK_EVERY_MILLIS;
  }

  @Override
  public Keyring keyring() {
    if (clock.millis() >= nextLook) {
      look();
    }
    return keys;
  }

  private synchronized void look() {
    nextLook = clock.millis() + LOOK_EVERY_MILLIS;
    try {
      Stamp present = stamp();
      if (!present.equals(stamp)) {
        stamp = present;
        keys = read();
      }
    } catch (IOException e) {
      problems.accept("key file %s cannot be read, the former keys stay: %s".formatted(path, e));
    } catch (KeyException e) {
      problems.accept("the former keys stay: " + e.getMessage());
    }
  }

  private Keyring read() throws IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw new KeyException("key file %s is larger than %d bytes".formatted(path, MAX_BYTES));
    }
    try {
      return KeyText.parse(Files.readAllBytes(path), algorithms);
    } catch (KeyException e) {
      throw new KeyException("key file %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new Stamp(attributes.lastModifiedTime(), attributes.size());
  }
}
