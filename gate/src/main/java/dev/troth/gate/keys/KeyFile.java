package dev.troth.gate.keys;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.jwk.KeyDocument;
import dev.troth.gate.jwk.SecretDocument.Form;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keys in a file, read again when its content changes. Whether they are secrets or public keys is
 * said at the start and stays so. A change that cannot be read is reported and the former keys
 * stay.
 */
public final class KeyFile implements KeySource {
  private static final long LOOK_EVERY_MILLIS = Duration.ofSeconds(1).toMillis();

  private final Path path;
  private final Function<byte[], Keyring> reader;
  private final InstantSource clock;
  private final Consumer<String> problems;
  private volatile Keyring keys;
  private volatile long nextLook;
  private volatile String problem = "";
  private byte[] content;

  private KeyFile(
      Path path, Function<byte[], Keyring> reader, InstantSource clock, Consumer<String> problems) {
    this.path = path;
    this.reader = reader;
    this.clock = clock;
    this.problems = problems;
    try {
      content = content();
      keys = parse(content);
    } catch (IOException e) {
      throw new KeyException(
          "key file %s cannot be read: %s".formatted(path, Unreadable.reason(e)), e);
    }
    nextLook = clock.millis() + LOOK_EVERY_MILLIS;
  }

  /**
   * A file of public keys: JWK, JWK set or PEM. A {@link KeyException} says why it is not usable.
   *
   * @param algorithms what an RSA key in PEM is bound to; empty for RS256
   */
  public static KeyFile ofPublicKeys(
      Path path, Set<Algorithm> algorithms, InstantSource clock, Consumer<String> problems) {
    return new KeyFile(path, text -> PublicKeySet.parse(text, algorithms).keys(), clock, problems);
  }

  /**
   * A file of secrets: the bytes of one, or JWKs; which of both is kept to.
   *
   * @param algorithms what a secret of bytes is bound to; empty for HS256
   */
  public static KeyFile ofSecrets(
      Path path, Set<Algorithm> algorithms, InstantSource clock, Consumer<String> problems) {
    Form[] form = {Form.ANY};
    return new KeyFile(
        path,
        text -> {
          SecretSet set = SecretSet.parse(text, algorithms, form[0]);
          form[0] = set.form();
          return set.keys();
        },
        clock,
        problems);
  }

  @Override
  public Keyring keyring() {
    if (clock.millis() >= nextLook) {
      look();
    }
    return keys;
  }

  @Override
  public Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  /** Compares the content: a file may be swapped for one of the same size, time and name. */
  private synchronized void look() {
    nextLook = clock.millis() + LOOK_EVERY_MILLIS;
    try {
      byte[] present = content();
      if (!Arrays.equals(present, content)) {
        content = present;
        keys = parse(present);
        problem = "";
      } else if (problem.startsWith("key file " + path + " cannot be read")) {
        // It is back as it was.
        problem = "";
      }
    } catch (IOException e) {
      tell(
          "key file %s cannot be read, the former keys stay: %s"
              .formatted(path, Unreadable.reason(e)));
    } catch (KeyException e) {
      tell("the former keys stay: " + e.getMessage());
    }
  }

  /** Once for each problem, not at each look. */
  private void tell(String words) {
    if (!words.equals(problem)) {
      problem = words;
      problems.accept(words);
    }
  }

  private Keyring parse(byte[] text) {
    try {
      return reader.apply(text);
    } catch (KeyException e) {
      throw new KeyException("key file %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private byte[] content() throws IOException {
    // A pipe would be waited for, and every request with it.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new KeyException("key file %s is no regular file".formatted(path));
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] text = in.readNBytes(KeyDocument.MAX_BYTES + 1);
      if (text.length > KeyDocument.MAX_BYTES) {
        throw new KeyException(
            "key file %s is larger than %d bytes".formatted(path, KeyDocument.MAX_BYTES));
      }
      return text;
    }
  }
}
