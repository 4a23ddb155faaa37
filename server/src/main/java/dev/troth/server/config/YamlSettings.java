package dev.troth.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The settings in a YAML file by the names of their keys, each with its line. */
final class YamlSettings {
  private static final int LARGEST = 1 << 20;

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
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        errors.add(file + ": is longer than 1 MiB");
        return;
      }
      LoadSettings load =
          LoadSettings.builder().setLabel(file.toString()).setMaxAliasesForCollections(0).build();
      Optional<Node> root =
          new Compose(load).composeString(new String(bytes, StandardCharsets.UTF_8));
      if (root.isPresent() && !isNull(root.get())) {
        if (root.get() instanceof MappingNode mapping) {
          walk("", mapping);
        } else {
          errors.add(place(root.get()) + ": expected keys with values");
        }
      }
    } catch (NoSuchFileException e) {
      errors.add(file + ": there is no such file");
    } catch (IOException e) {
      errors.add(file + ": cannot be read: " + e.getMessage());
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      errors.add(file + line + ": is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      errors.add(file + ": is not YAML: " + e.getMessage());
    }
  }

  private void walk(String prefix, MappingNode mapping) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        errors.add(place(tuple.getKeyNode()) + ": a key is not a name");
        continue;
      }
      String name = prefix + scalar.getValue();
      if (name.equals(OF_CONTRACTS)) {
        continue;
      }
      switch (tuple.getValueNode()) {
        case MappingNode nested -> walk(name + ".", nested);
        case SequenceNode sequence -> put(name, list(name, sequence), scalar);
        case ScalarNode value -> put(name, isNull(value) ? "" : value.getValue(), scalar);
        default -> errors.add(place(scalar) + ": " + name + " is neither a value nor a list");
      }
    }
  }

  private String list(String name, SequenceNode sequence) {
    List<String> texts = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      if (item instanceof ScalarNode scalar) {
        texts.add(scalar.getValue());
      } else {
        errors.add(place(item) + ": an item of " + name + " is not a plain value");
      }
    }
    return String.join(",", texts);
  }

  private void put(String name, String text, Node where) {
    Text earlier = found.putIfAbsent(name, new Text(text, place(where)));
    if (earlier != null) {
      errors.add("%s: is given twice (%s and %s)".formatted(name, earlier.place(), place(where)));
    }
  }

  private String place(Node node) {
    return file + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }
}
