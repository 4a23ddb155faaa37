package dev.troth.server.tls;

import dev.troth.server.config.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The files of a certificate and its key, which are read when they are others than before. */
final class CredentialFiles {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LEFT = 4;
  private static final String ATTRIBUTES = "unix:dev,ino,ctime,lastModifiedTime,size,mode";

  /** Reading and writing by everybody, in a file's mode. */
  private static final int EVERYBODY = 0006;

  private final TlsSettings settings;
  private final Patience patience = new Patience(PATIENCE, LEFT);

  CredentialFiles(TlsSettings settings) {
    this.settings = settings;
  }

  /**
   * What one look at the files found.
   *
   * @param versions what tells these files from others
   * @param read their content; null if it cannot be used, or if they are the same as before
   * @param refused why it cannot be used
   * @param open whether everybody on this machine may read or write the key
   */
  record Look(
      List<Object> versions,
      @Nullable Credentials read,
      Credentials.@Nullable Unusable refused,
      boolean open) {
    Look {
      versions = List.copyOf(versions);
    }
  }

  /**
   * Looks at the files.
   *
   * @param seen their versions at the last look
   */
  Look look(List<Object> seen) throws InterruptedException, TimeoutException {
    return patience.ask(() -> lookNow(seen));
  }

  private Look lookNow(List<Object> seen) {
    Object key = version(settings.key());
    List<Object> now = List.of(version(settings.certificate()), key);
    boolean open =
        key instanceof Map<?, ?> attributes
            && attributes.get("mode") instanceof Integer mode
            && (mode & EVERYBODY) != 0;
    if (now.equals(seen)) {
      return new Look(now, null, null, open);
    }
    try {
      return new Look(now, Credentials.read(settings.certificate(), settings.key()), null, open);
    } catch (Credentials.Unusable e) {
      return new Look(now, null, e, open);
    }
  }

  /** What tells one version of a file from another; a link that leads elsewhere does. */
  private static Object version(Path file) {
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        return Map.copyOf(Files.readAttributes(file, ATTRIBUTES));
      }
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(String.valueOf(is.fileKey()), is.lastModifiedTime(), is.size());
    } catch (IOException e) {
      return e.getClass().getName();
    }
  }
}
