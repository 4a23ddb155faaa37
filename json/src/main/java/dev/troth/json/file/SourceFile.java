package dev.troth.json.file;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a YAML or JSON file, or of one document in it, and where each value stands.
 *
 * <pre>{@code
 * SourceFile file = SourceFile.read("orders.yaml", bytes);
 * Location place = file.place("/schema/type"); // orders.yaml:3:9
 * }</pre>
 */
public final class SourceFile {
  /** Larger files of JSON have no line numbers, only pointers. */
  private static final int MOST_PLACED_BYTES = 4 << 20;

  private final String name;
  private final Json json;
  private final Map<String, String> lines;
  private final Written written;

  SourceFile(String name, Json json, Map<String, String> lines, Written written) {
    this.name = name;
    this.json = json;
    this.lines = Map.copyOf(lines);
    this.written = written;
  }

  /**
   * A value that stands in a file.
   *
   * @param name the file's name, for messages
   * @param lines {@code line:column} by JSON Pointer; empty if the reader does not know
   */
  public SourceFile(String name, Json json, Map<String, String> lines) {
    this(name, json, lines, Written.NONE);
  }

  /** Reads JSON, or YAML if the name ends in {@code .yaml} or {@code .yml}. */
  public static SourceFile read(String name, byte[] bytes) throws SyntaxException {
    return isYaml(name) ? onlyDocument(name, bytes) : json(name, bytes);
  }

  /**
   * The documents of a file of YAML, or of JSON, which YAML can be.
   *
   * @param wrong why the file, or a document in it, could not be read
   */
  public record Documents(List<SourceFile> read, List<SyntaxException> wrong) {
    public Documents {
      read = List.copyOf(read);
      wrong = List.copyOf(wrong);
    }
  }

  /** Reads every document of a file as YAML, whatever the name; an empty file has none. */
  public static Documents documents(String name, byte[] bytes, YamlLimits limits) {
    return documents(name, bytes, limits, YamlTags.NONE);
  }

  /** The same, with a meaning for tags. */
  public static Documents documents(String name, byte[] bytes, YamlLimits limits, YamlTags tags) {
    if (bytes.length > limits.mostBytes()) {
      return new Documents(
          List.of(),
          List.of(
              new SyntaxException(
                  Location.file(name),
                  "the file has %,d bytes, expected at most %,d"
                      .formatted(bytes.length, limits.mostBytes()))));
    }
    try {
      return new YamlReader(name, limits, tags).read(bytes);
    } catch (NoClassDefFoundError e) {
      return new Documents(
          List.of(),
          List.of(
              new SyntaxException(
                  Location.file(name),
                  "reading YAML needs org.snakeyaml:snakeyaml-engine on the class path")));
    }
  }

  private static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static SourceFile onlyDocument(String name, byte[] bytes) throws SyntaxException {
    Documents documents = documents(name, bytes, YamlLimits.DEFAULT);
    if (!documents.wrong().isEmpty()) {
      throw documents.wrong().getFirst();
    }
    return switch (documents.read().size()) {
      case 0 -> throw new SyntaxException(Location.file(name), "the file is empty");
      case 1 -> documents.read().getFirst();
      default ->
          throw new SyntaxException(
              documents.read().get(1).place(""), "found a second document, expected one");
    };
  }

  /** The file's name, for messages. */
  public String name() {
    return name;
  }

  /** {@code line:column} by JSON Pointer; empty if the reader does not know. */
  public Map<String, String> lines() {
    return lines;
  }

  /** The value of the whole document. */
  public Json json() {
    return json;
  }

  /** The same file with another value in it, whose places are known as far as its pointers are. */
  public SourceFile with(Json changed) {
    return new SourceFile(name, changed, lines, written);
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
        return location(known, pointer);
      }
      if (at.isEmpty()) {
        return new Location(name, 0, 0, pointer);
      }
    }
  }

  /** Where the key of a member is, or the member if the reader does not know. */
  Location keyPlace(String pointer) {
    @Nullable String known = written.keys().get(pointer);
    return known == null ? place(pointer) : location(known, pointer);
  }

  /** A scalar as it stands in the file: the number {@code 1.10} is not {@code 1.1}. */
  String written(String pointer, Json scalar) {
    if (scalar instanceof Json.Str(String text)) {
      return text;
    }
    @Nullable String text = written.scalars().get(pointer);
    return text == null ? scalar.toString() : text;
  }

  private Location location(String lineAndColumn, String pointer) {
    int colon = lineAndColumn.indexOf(':');
    return new Location(
        name,
        Integer.parseInt(lineAndColumn.substring(0, colon)),
        Integer.parseInt(lineAndColumn.substring(colon + 1)),
        pointer);
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
