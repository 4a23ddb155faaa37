package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A file of {@code jti} values, one a line, read again when its content changes. What cannot be
 * read is reported and the former values stay.
 */
public final class RevokedFile implements Revocations {
  /** As in the native host: the list has to fit into the sandbox. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final long LOOK_EVERY_MILLIS = Duration.ofSeconds(1).toMillis();

  private final Path path;
  private final InstantSource clock;
  private final Consumer<String> problems;
  private volatile Set<String> ids;
  private volatile long nextLook;
  private volatile String problem = "";
  private byte[] content;

  /** Reads the file; a {@link KeyException} says why it is not usable. */
  public RevokedFile(Path path, InstantSource clock, Consumer<String> problems) {
    this.path = path;
    this.clock = clock;
    this.problems = problems;
    content = content();
    ids = ids(content);
    nextLook = clock.millis() + LOOK_EVERY_MILLIS;
  }

  @Override
  public Set<String> ids() {
    if (clock.millis() >= nextLook) {
      look();
    }
    return ids;
  }

  @Override
  public Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  private synchronized void look() {
    nextLook = clock.millis() + LOOK_EVERY_MILLIS;
    try {
      byte[] present = content();
      if (!Arrays.equals(present, content)) {
        content = present;
        ids = ids(present);
      }
      problem = "";
    } catch (KeyException e) {
      String words = "the former revocations stay: " + e.getMessage();
      if (!words.equals(problem)) {
        problem = words;
        problems.accept(words);
      }
    }
  }

  private byte[] content() {
    // A pipe would be waited for, and every request with it.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new KeyException("%s is no regular file".formatted(path));
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] text = in.readNBytes(MAX_BYTES + 1);
      if (text.length > MAX_BYTES) {
        throw new KeyException("%s is larger than %d bytes".formatted(path, MAX_BYTES));
      }
      return text;
    } catch (IOException e) {
      throw new KeyException("%s cannot be read: %s".formatted(path, Unreadable.reason(e)), e);
    }
  }

  private static Set<String> ids(byte[] text) {
    Set<String> ids = new HashSet<>(new String(text, UTF_8).lines().toList());
    ids.remove("");
    return Set.copyOf(ids);
  }
}
