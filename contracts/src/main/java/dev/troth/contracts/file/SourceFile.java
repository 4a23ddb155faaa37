package dev.troth.contracts.file;

import dev.troth.contracts.json.Json;
import dev.troth.contracts.json.JsonException;
import dev.troth.contracts.json.JsonReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a YAML or JSON file and where each value stands.
 *
 * @param name the file's name, for messages
 * @param lines {@code line:column} by JSON Pointer; empty if the reader does not know
 */
public record SourceFile(String name, Json json, Map<String, String> lines) {
  public SourceFile {
    lines = Map.copyOf(lines);
  }

  /** Reads JSON, or YAML if the name ends in {@code .yaml} or {@code .yml}. */
  public static SourceFile read(String name, byte[] bytes) throws SyntaxException {
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      try {
        return new YamlReader(name).read(bytes);
      } catch (NoClassDefFoundError e) {
        throw new SyntaxException(
            name, "reading YAML needs org.snakeyaml:snakeyaml-engine on the class path");
      }
    }
    try {
      return new SourceFile(name, JsonReader.read(bytes), Map.of());
    } catch (JsonException e) {
      throw new SyntaxException(name + ":" + e.line() + ":" + e.column(), e.reason());
    }
  }

  /** {@code file:line:column} of the value, or of the nearest one around it. */
  public String place(String pointer) {
    String at = pointer;
    while (true) {
      @Nullable String line = lines.get(at);
      if (line != null) {
        return name + ":" + line;
      }
      if (at.isEmpty()) {
        return pointer.isEmpty() ? name : name + "#" + pointer;
      }
      at = at.substring(0, at.lastIndexOf('/'));
    }
  }

  /** A file that is neither YAML nor JSON. */
  public static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String reason;

    SyntaxException(String place, String reason) {
      super(place + ": " + reason);
      this.place = place;
      this.reason = reason;
    }

    /** {@code file:line:column}. */
    public String place() {
      return place;
    }

    public String reason() {
      return reason;
    }
  }
}
