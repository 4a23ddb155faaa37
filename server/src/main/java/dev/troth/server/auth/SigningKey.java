package dev.troth.server.auth;

import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret with which a platform signs its tokens: 256 random bits, made at the first start, in a
 * file that only its owner can read. Who can read the file is an administrator.
 */
public final class SigningKey {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private SigningKey() {}

  /** Where it lies in a data folder. */
  public static Path fileIn(Path data) {
    return data.resolve("token.key");
  }

  /** The key in the file, which is made if there is none. */
  public static SecretKey loadOrMake(Path file, SecureRandom random) {
    if (!Files.exists(file)) {
      make(file, random);
    }
    return load(file);
  }

  /** Makes a new key in the place of the one that is there: no token signed before counts. */
  public static void replace(Path file, SecureRandom random) {
    make(file, random);
  }

  /**
   * The key in the file.
   *
   * @throws CannotStart when it is missing, not a key, or readable by others
   */
  public static SecretKey load(Path file) {
    try {
      if (isPosix(file)) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OTHERS::contains)) {
          throw new CannotStart(
              "signing key %s has mode %s, expected rw------- (chmod 600)"
                  .formatted(file, PosixFilePermissions.toString(permissions)));
        }
      }
      SecretKey key = of(Files.readString(file).strip());
      if (key.getEncoded().length != BYTES) {
        throw new CannotStart(
            "signing key %s has %d bytes, expected %d"
                .formatted(file, key.getEncoded().length, BYTES));
      }
      return key;
    } catch (IllegalArgumentException e) {
      throw new CannotStart("signing key " + file + " is not base64");
    } catch (NoSuchFileException e) {
      throw new CannotStart(
          "signing key %s is missing, expected a folder in which a platform has started; a first start makes it within seconds"
              .formatted(file));
    } catch (IOException e) {
      throw new CannotStart("signing key %s cannot be read: %s".formatted(file, e));
    }
  }

  private static void make(Path file, SecureRandom random) {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    write(file, new SecretKeySpec(key, ALGORITHM));
  }

  /** The key that a text in base64 says. */
  static SecretKey of(String text) {
    return new SecretKeySpec(Base64.getDecoder().decode(text), ALGORITHM);
  }

  /** Written aside and moved, so that a crash leaves a whole key or none. */
  static void write(Path file, SecretKey key) {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(aside);
      FileAttribute<?>[] owner =
          isPosix(file)
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0];
      try (FileChannel channel =
          FileChannel.open(
              aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
        channel.write(ByteBuffer.wrap(Base64.getEncoder().encode(key.getEncoded())));
        channel.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CannotStart("signing key %s cannot be written: %s".formatted(file, e));
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
