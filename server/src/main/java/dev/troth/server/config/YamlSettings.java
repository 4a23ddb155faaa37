package dev.troth.server.config;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings in a YAML file by the names of their keys, each with its line. */
final class YamlSettings {
  private static final int LARGEST = 1 << 20;

  /** Settings have no need of aliases. */
  private static final YamlLimits LIMITS = new YamlLimits(LARGEST, 0);

  /** Severities and waivers, which the contract commands read. */
  private static final String OF_CONTRACTS = "contracts";

  private final Path file;
  private final List<String> errors;
  private final Map<String, Text> found = new LinkedHashMap<>();

  private YamlSettings(Path file, List<String> errors) {
    this.file = file;
    this.errors = errors;
  }

  /** A text and where it is written, as {@code troth.yaml:3}. */
  record Text(String text, String place) {}

  /** Reads the file; what is wrong with it is added to the errors. */
  static Map<String, Text> read(Path file, List<String> errors) {
    YamlSettings settings = new YamlSettings(file, errors);
    settings.read();
    return settings.found;
  }

  private void read() {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException e) {
      errors.add(file + ": there is no such file");
      return;
    } catch (IOException e) {
      errors.add(file + ": cannot be read: " + e.getMessage());
      return;
    }
    if (bytes.length > LARGEST) {
      errors.add(file + ": is longer than 1 MiB");
      return;
    }
    SourceFile.Documents documents = SourceFile.documents(file.toString(), bytes, LIMITS);
    for (SourceFile.SyntaxException wrong : documents.wrong()) {
      errors.add(place(wrong.place()) + ": is not YAML: " + wrong.reason());
    }
    if (documents.read().size() > 1) {
      errors.add(place(documents.read().get(1).place("")) + ": a second document begins");
    } else if (documents.wrong().isEmpty() && !documents.read().isEmpty()) {
      settings(Section.of(documents.read().getFirst(), wrong -> errors.add(wrong.reason())));
    }
  }

  private void settings(Section root) {
    if (root.isNull()) {
      return;
    }
    if (!root.isMapping()) {
      errors.add(place(root.place()) + ": expected keys with values");
      return;
    }
    for (Section value : root.flat(Set.of(OF_CONTRACTS)).values()) {
      if (!value.path().equals(OF_CONTRACTS)) {
        found.put(value.path(), new Text(text(value), place(value.keyPlace())));
      }
    }
  }

  private String text(Section value) {
    if (value.isNull()) {
      return "";
    }
    if (!value.isList()) {
      return value.text();
    }
    List<String> texts = new ArrayList<>();
    for (Section item : value.list()) {
      if (item.isScalar()) {
        texts.add(ValueType.item(item.text()));
      } else {
        errors.add(place(item.place()) + ": an item of " + value.path() + " is not a plain value");
      }
    }
    return String.join(",", texts);
  }

  private static String place(Location place) {
    return place.line() == 0 ? place.file() : place.file() + ":" + place.line();
  }
}
