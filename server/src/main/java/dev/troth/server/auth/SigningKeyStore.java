package dev.troth.server.auth;

import dev.troth.server.db.Database;
import dev.troth.server.ops.CannotStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/**
 * The one signing key of all platforms on a database. It lies in the database that they share, and
 * each has a copy in its folder, for its owner; a platform alone has it in its folder only.
 */
public final class SigningKeyStore {
  private static final String NAME = "signing key";

  private final Database database;
  private final Path file;
  private final SecureRandom random = new SecureRandom();

  public SigningKeyStore(Database database, Path file) {
    this.database = database;
    this.file = file;
  }

  /**
   * The key; the first platform makes it.
   *
   * @throws CannotStart when the folder has another key than the database
   */
  public SecretKey key() {
    if (!database.replicas().isShared()) {
      return SigningKey.loadOrMake(file, random);
    }
    return database.write(handle -> {
      Optional<SecretKey> shared = find(handle).map(SigningKey::of);
      if (shared.isEmpty()) {
        SecretKey made = SigningKey.loadOrMake(file, random);
        handle.execute(
            "INSERT INTO platform_secret (name, value) VALUES (?, ?)",
            NAME,
            Base64.getEncoder().encodeToString(made.getEncoded()));
        return made;
      }
      if (!Files.exists(file)) {
        SigningKey.write(file, shared.get());
      } else if (!MessageDigest.isEqual(
          SigningKey.load(file).getEncoded(), shared.get().getEncoded())) {
        throw new CannotStart(
            "signing key %s is not the one of the platforms on this database: remove the file, and the platform takes theirs"
                .formatted(file));
      }
      return shared.get();
    });
  }

  private static Optional<String> find(Handle handle) {
    return handle
        .createQuery("SELECT value FROM platform_secret WHERE name = ?")
        .bind(0, NAME)
        .mapTo(String.class)
        .findOne();
  }
}
