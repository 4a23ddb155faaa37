package dev.troth.bench.contracts;

import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays out real schemas with their real documents as {@link Lap} reads them: SUITES DIR LIST
 * [MOST]. The list names the schemas of SchemaStore; of jsonschema-benchmark all are taken. MOST is
 * how many of each, for a short run.
 */
public final class RealDocuments {
  private RealDocuments() {}

  public static void main(String[] args) throws IOException {
    Path suites = Path.of(args[0]);
    Path dir = Path.of(args[1]);
    int most = args.length > 3 ? Integer.parseInt(args[3]) : Integer.MAX_VALUE;
    List<String> names =
        Files.readAllLines(Path.of(args[2])).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    Path store = suites.resolve("schemastore/src");
    for (String name : names.subList(0, Math.min(most, names.size()))) {
      List<String> documents = new ArrayList<>();
      for (Path file : sorted(store.resolve("test").resolve(name))) {
        String text = Files.readString(file);
        if (file.toString().endsWith(".json") && isJson(text)) {
          // One line each; what stands between the values stays as long as it was.
          documents.add(text.replaceAll("\\R", " "));
        }
      }
      lay(
          dir.resolve("schemastore/schemas").resolve(name),
          store.resolve("schemas/json").resolve(name + ".json"),
          documents);
    }
    int taken = 0;
    for (Path folder : sorted(suites.resolve("jsonschema-benchmark/schemas"))) {
      Path instances = folder.resolve("instances.jsonl");
      if (Files.exists(instances) && taken++ < most) {
        lay(
            dir.resolve("corpora/schemas").resolve(folder.getFileName()),
            folder.resolve("schema.json"),
            Files.readAllLines(instances));
      }
    }
  }

  private static boolean isJson(String text) {
    try {
      JsonReader.read(text);
      return true;
    } catch (JsonException e) {
      return false; // some hold comments
    }
  }

  private static void lay(Path folder, Path schema, List<String> documents) throws IOException {
    if (documents.isEmpty()) {
      throw new IOException(schema + " has no documents");
    }
    Files.createDirectories(folder.resolve("more"));
    Files.copy(schema, folder.resolve("schema.json"));
    Files.write(folder.resolve("documents.jsonl"), documents);
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
