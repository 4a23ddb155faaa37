package dev.troth.cli.contract.registry;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.command.OutputFile;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which versions were pulled: the file {@code troth.lock.json}, kept in source control.
 *
 * @param file of the lock
 * @param entries by registry subject
 */
public record PulledContracts(Path file, Map<String, Entry> entries) {
  /**
   * One version.
   *
   * @param sha256 of the contract's bundle as it was pulled
   */
  record Entry(int version, int id, String sha256) {}

  /** The lock in a file; empty if there is none. */
  public static PulledContracts read(Path file) {
    Map<String, Entry> entries = new TreeMap<>();
    if (!Files.exists(file)) {
      return new PulledContracts(file, entries);
    }
    try {
      Json json = JsonReader.read(Files.readAllBytes(file));
      if (json instanceof Json.Obj root
          && root.get("contracts").orElse(null) instanceof Json.Obj contracts) {
        contracts.members().forEach((subject, entry) -> entries.put(subject, entry(file, entry)));
        return new PulledContracts(file, entries);
      }
      throw CommandException.usage("%s has no 'contracts', expected a lock".formatted(file));
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    } catch (JsonException e) {
      throw CommandException.usage("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static Entry entry(Path file, Json json) {
    if (json instanceof Json.Obj object
        && object.get("version").orElse(null) instanceof Json.Num(BigDecimal version)
        && object.get("id").orElse(null) instanceof Json.Num(BigDecimal id)
        && object.get("sha256").orElse(null) instanceof Json.Str(String sha256)) {
      return new Entry(version.intValue(), id.intValue(), sha256);
    }
    throw CommandException.usage(
        "%s has the entry %s, expected version, id and sha256".formatted(file, json));
  }

  public void write() {
    JsonMembers contracts = new JsonMembers();
    entries.forEach((subject, entry) ->
        contracts.put(
            subject,
            new JsonMembers()
                .put("version", Json.Num.of(entry.version()))
                .put("id", Json.Num.of(entry.id()))
                .text("sha256", entry.sha256())
                .json()));
    Json lock = new JsonMembers().put("contracts", contracts.json()).json();
    try {
      Files.writeString(file, JsonWriter.pretty(lock) + "\n");
    } catch (IOException e) {
      throw OutputFile.unwritable(file, e);
    }
  }

  public static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
