package dev.troth.bench.contracts;

import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real schema of the corpus.
 *
 * @param text the schema as written
 * @param more the texts of further schemas that it refers to, by their URI
 */
record CorpusSchema(Path folder, String text, Map<String, String> more) {
  static List<CorpusSchema> all(Path schemas) throws IOException {
    List<CorpusSchema> all = new ArrayList<>();
    try (Stream<Path> folders = Files.list(schemas)) {
      for (Path folder : folders.sorted().toList()) {
        all.add(of(folder));
      }
    }
    return all;
  }

  static CorpusSchema of(Path folder) throws IOException {
    String text = Files.readString(folder.resolve("schema.json"));
    String base = ((Json.Obj) JsonReader.read(text)).text("$id").orElse("");
    Map<String, String> more = new HashMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("more"))) {
      for (Path file : files.toList()) {
        // References name the file; what it calls itself may differ.
        more.put(SchemaLoader.resolve(base, "" + file.getFileName()), Files.readString(file));
      }
    }
    return new CorpusSchema(folder, text, more);
  }

  String name() {
    return String.valueOf(folder.getFileName());
  }

  Draft draft() {
    return ((Json.Obj) JsonReader.read(text))
        .text("$schema")
        .flatMap(Draft::ofUri)
        .orElse(Draft.DRAFT_7);
  }

  Schema schema() {
    Map<String, Json> documents = new HashMap<>();
    more.forEach((uri, schema) -> documents.put(uri, JsonReader.read(schema)));
    return new SchemaLoader(
            SchemaLoader.Options.DEFAULT
                .withDraft(Draft.DRAFT_7)
                .withDocuments(Documents.of(documents)))
        .load(JsonReader.read(text), "troth:/" + name());
  }

  List<byte[]> documents() throws IOException {
    Path file = folder.resolve("documents.jsonl");
    return Files.exists(file)
        ? Files.readAllLines(file).stream()
            .map(line -> line.getBytes(StandardCharsets.UTF_8))
            .toList()
        : List.of();
  }
}
