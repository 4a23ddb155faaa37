package dev.troth.server.folder;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.http.Json;
import dev.troth.server.http.ProblemException;
import dev.troth.server.rows.LocalDisk;
import dev.troth.watch.change.Fields;
import dev.troth.watch.source.Flattened;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Files as fields: size and hash of each, and what a JSON document or a short text says. */
public final class FileContents {
  private static final long LONGEST_HASHED = 64L << 20;
  private static final int LONGEST_DOCUMENT = 1 << 20;
  private static final int LONGEST_TEXT = 8 * 1024;

  /** A change carries them twice, before and after. */
  private static final int LONGEST_FIELDS = 32 * 1024;

  private FileContents() {}

  /** What reading a file came to. */
  public sealed interface Read {
    /** What it says. */
    record Whole(Fields fields) implements Read {}

    /** It moved meanwhile. */
    record Moved() implements Read {}

    /** It is there and cannot be read. */
    record Refused(String why) implements Read {}
  }

  /** Reads a file. */
  public static Read read(SeenFile file) {
    try {
      return LocalDisk.within(file.path(), () -> fields(file))
          .<Read>map(Read.Whole::new)
          .orElseGet(Read.Moved::new);
    } catch (IOException e) {
      return hasMoved(file)
          ? new Read.Moved()
          : new Read.Refused(
              "%s cannot be read: %s".formatted(file.path(), FolderSource.reason(e)));
    }
  }

  private static boolean hasMoved(SeenFile file) {
    try {
      return !LocalDisk.within(file.path(), () -> isAsItWas(file));
    } catch (IOException e) {
      return true;
    }
  }

  private static Optional<Fields> fields(SeenFile file) throws IOException {
    if (file.size() > LONGEST_HASHED) {
      return Optional.of(tooLong(file));
    }
    if (!isAsItWas(file)) {
      // Above all no pipe, which would be waited for.
      return Optional.empty();
    }
    MessageDigest digest = sha256();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    long length = 0;
    try (InputStream in = Inside.read(file.base(), file.real())) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        length += n;
        if (length <= LONGEST_DOCUMENT) {
          kept.write(buffer, 0, n);
        } else if (length > file.size()) {
          return Optional.empty();
        }
      }
      if (length != file.size() || !isAsItWas(file)) {
        return Optional.empty();
      }
    }
    SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("size", length);
    fields.put("sha256", HexFormat.of().formatHex(digest.digest()));
    if (length <= LONGEST_DOCUMENT) {
      Fields said = said(file.path(), kept.toByteArray());
      if (ChangeJson.write(said).length() <= LONGEST_FIELDS) {
        fields.putAll(said.values());
      }
    }
    return Optional.of(new Fields(fields));
  }

  private static boolean isAsItWas(SeenFile file) throws IOException {
    Path real = file.real().toRealPath();
    return real.equals(file.real())
        && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)
        && SeenFile.of(file.path(), file.base(), real).print().equals(file.print());
  }

  /** Of a file whose contents are not looked at, or are never at rest. */
  public static Fields tooLong(SeenFile file) {
    return Fields.of("size", file.size(), "print", file.print());
  }

  private static Fields said(String path, byte[] bytes) {
    if (path.endsWith(".json")) {
      try {
        Json.requireCharacters(bytes);
        Object document = Json.mapper().readValue(bytes, Object.class);
        SequencedMap<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("content", document);
        return Flattened.of(whole);
      } catch (JacksonException | IllegalArgumentException | ProblemException e) {
        // A text like any other, until it is a document.
        return text(bytes);
      }
    }
    return text(bytes);
  }

  private static Fields text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.length() <= LONGEST_TEXT && text.indexOf('\0') < 0
          ? Fields.of(Map.of("content", text))
          : Fields.none();
    } catch (CharacterCodingException e) {
      return Fields.none();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
