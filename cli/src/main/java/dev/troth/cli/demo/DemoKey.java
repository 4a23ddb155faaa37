package dev.troth.cli.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that the order service's gate trusts, and a token of it for its customers: both files
 * of the demo's folder, for its owner alone.
 */
final class DemoKey {
  private static final int SECRET_BYTES = 48;
  private static final String CUSTOMERS = "customers";
  private static final Duration LIFETIME = Duration.ofDays(30);

  private final Path keys;
  private final Path token;
  private final Path badTokens;

  private DemoKey(Path keys, Path token, Path badTokens) {
    this.keys = keys;
    this.token = token;
    this.badTokens = badTokens;
  }

  /** The secret of the folder, made if there is none, a fresh token, and bad ones. */
  static DemoKey in(Path folder, Instant now) {
    Path keys = folder.resolve("orders.key");
    Path token = folder.resolve("orders.token");
    Path badTokens = folder.resolve("bad-tokens");
    try {
      Files.createDirectories(badTokens);
      // A start that ended early may have left an empty one, which nobody trusts.
      if (!Files.exists(keys, LinkOption.NOFOLLOW_LINKS) || Files.size(keys) == 0) {
        write(keys, secret());
      }
      String secret = Files.readString(keys).strip();
      rewrite(token, signed(secret, CUSTOMERS, now));
      rewrite(badTokens.resolve("unknown-key.token"), signed(secret(), CUSTOMERS, now));
      rewrite(
          badTokens.resolve("expired.token"),
          signed(secret, CUSTOMERS, now.minus(LIFETIME.multipliedBy(2))));
    } catch (IOException e) {
      throw CommandException.failed("cannot write the demo's key and token: " + e.getMessage());
    }
    return new DemoKey(keys, token, badTokens);
  }

  Path keys() {
    return keys;
  }

  Path token() {
    return token;
  }

  /** A folder with a token that the gate refuses for each variant of the fault bad-token. */
  Path badTokens() {
    return badTokens;
  }

  /** A token that the gate takes, of somebody with this name. */
  static String tokenFor(String subject, Path folder, Instant now) {
    Path keys = folder.resolve("orders.key");
    try {
      return signed(Files.readString(keys).strip(), subject, now);
    } catch (IOException e) {
      throw CommandException.failed("cannot read %s: %s".formatted(keys, e.getMessage()));
    }
  }

  private static String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return Base64.getEncoder().encodeToString(secret);
  }

  private static void rewrite(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    write(file, text);
  }

  /** Writes a file for its owner alone. */
  static void write(Path file, String text) throws IOException {
    FileAttribute<?>[] owners =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    // Aside first, so that there is all of it or none.
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(aside);
    Files.createFile(aside, owners);
    Files.writeString(aside, text + "\n", StandardOpenOption.WRITE);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String signed(String secret, String subject, Instant now) {
    String claims =
        "{\"iss\":\"troth-demo\",\"sub\":\"%s\",\"aud\":\"orders\",\"iat\":%d,\"exp\":%d}"
            .formatted(subject, now.getEpochSecond(), now.plus(LIFETIME).getEpochSecond());
    String text = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA256"));
      byte[] code = mac.doFinal(text.getBytes(US_ASCII));
      return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII));
  }
}
