package dev.troth.bench.contracts;

import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;

/** Writes valid documents for every schema of the corpus: SCHEMAS SEED COUNT. */
public final class GenerateDocuments {
  private static final int SHORTEST = 60;
  private static final int LONGEST = 20_000;
  private static final int PATIENCE = 200;

  private GenerateDocuments() {}

  public static void main(String[] args) throws IOException {
    long seed = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    for (CorpusSchema corpus : CorpusSchema.all(Path.of(args[0]))) {
      List<String> documents = documents(corpus.schema(), seed, count);
      long bytes = documents.stream().mapToLong(String::length).sum();
      System.out.printf(
          "%s: %d documents, %d bytes on average%n",
          corpus.name(), documents.size(), bytes / Math.max(1, documents.size()));
      if (documents.size() >= count / 4) {
        Files.write(corpus.folder().resolve("documents.jsonl"), documents);
      }
    }
  }

  private static List<String> documents(Schema schema, long seed, int count) {
    Interpreter interpreter = new Interpreter(schema);
    DocumentGenerator generator =
        new DocumentGenerator(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < count * PATIENCE && documents.size() < count; i++) {
      Json json = generator.generate(schema);
      String text = JsonWriter.compact(json);
      if (text.length() >= SHORTEST && text.length() <= LONGEST && interpreter.isValid(json)) {
        documents.add(text);
      }
    }
    return documents;
  }
}
