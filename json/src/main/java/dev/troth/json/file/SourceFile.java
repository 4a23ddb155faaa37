package dev.troth.json.file;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a YAML or JSON file and where each value stands.
 *
 * @param name the file's name, for messages
 * @param lines {@code line:column} by JSON Pointer; empty if the reader does not know
 */
public record SourceFile(String name, Json json, Map<String, String> lines) {
  /** Above so many bytes of JSON, only pointers are told. */
  private static final int MOST_PLACED_BYTES = 4 << 20;

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
            Location.file(name),
            "reading YAML needs org.snakeyaml:snakeyaml-engine on the class path");
      }
    }
    return json(name, bytes);
  }

  /** Reads JSON, whatever the name. */
  public static SourceFile json(String name, byte[] bytes) throws SyntaxException {
    try {
      Json json = JsonReader.read(bytes);
      return new SourceFile(
          name, json, bytes.length <= MOST_PLACED_BYTES ? JsonPlaces.of(bytes) : Map.of());
    } catch (JsonException e) {
      throw new SyntaxException(new Location(name, e.line(), e.column(), ""), e.reason());
    }
  }

  /** Where a value is, or the nearest one around it. */
  public Location place(String pointer) {
    for (String at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
      @Nullable String known = lines.get(at);
      if (known != null) {
        int colon = known.indexOf(':');
        return new Location(
            name,
            Integer.parseInt(known.substring(0, colon)),
            Integer.parseInt(known.substring(colon + 1)),
            pointer);
      }
      if (at.isEmpty()) {
        return new Location(name, 0, 0, pointer);
      }
    }
  }

  /** A file that is neither YAML nor JSON. */
  public static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Location place;
    private final String reason;

    SyntaxException(Location place, String reason) {
      super(place + ": " + reason);
      this.place = place;
      this.reason = reason;
    }

    public Location place() {
      return place;
    }

    public String reason() {
      return reason;
    }
  }
}
