package dev.troth.contracts.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.json.Json;
import dev.troth.contracts.json.JsonReader;
import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.testkit.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The public containment suite: pairs of schemas and whether one contains the other. */
final class ContainmentSuiteTest {
  private int right;
  private int wrongProof;
  private int undecided;
  private int disputed;
  private final Map<String, int[]> byFile = new TreeMap<>();
  private final List<String> lines = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "DRAFT_7,draft7",
    "DRAFT_2019_09,draft2019-09",
    "DRAFT_2020_12,draft2020-12",
    "DRAFT_6,draft6",
    "DRAFT_4,draft4"
  })
  void no_breaking_change_is_called_safe(Draft draft, String folder) throws IOException {
    Path root = Suites.require("json-schema-containment").resolve(folder);
    Path remotes = Suites.require("json-schema-test-suite").resolve("remotes");
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        for (Json item : ((Json.Arr) JsonReader.read(Files.readAllBytes(file))).items()) {
          pair(draft, remotes, root.relativize(file).toString(), (Json.Obj) item);
        }
      }
    }
    byFile.forEach((f, c) ->
        System.out.printf("  %-55s right %d undecided %d disputed %d%n", f, c[0], c[1], c[2]));
    lines.forEach(System.out::println);
    int all = right + wrongProof + undecided + disputed;
    System.out.printf(
        "%s: %d checks, %d right (%.2f %%), %d undecided, %d disputed by a document, %d wrong proofs%n",
        folder, all, right, 100.0 * right / all, undecided, disputed, wrongProof);
    assertThat(wrongProof).isZero();
  }

  private void pair(Draft draft, Path remotes, String file, Json.Obj item) {
    Json.Obj tests = (Json.Obj) item.get("tests").orElseThrow();
    tests
        .members()
        .forEach((name, expected) -> {
          boolean forth = name.equals("s1SubsetEqOfs2");
          String inner = forth ? "schema1" : "schema2";
          String outer = forth ? "schema2" : "schema1";
          check(
              draft,
              remotes,
              file + " " + item.get("id").orElseThrow() + " " + name,
              item.get(inner).orElseThrow(),
              item.get(outer).orElseThrow(),
              expected == Json.Bool.TRUE);
        });
  }

  private void check(
      Draft draft, Path remotes, String name, Json inner, Json outer, boolean expected) {
    int[] counts = byFile.computeIfAbsent(name.split(" ")[0], f -> new int[3]);
    long begun = System.nanoTime();
    Answer answer = answer(draft, remotes, inner, outer);
    long ms = (System.nanoTime() - begun) / 1_000_000;
    if (ms > 300) {
      lines.add(name + " took " + ms + " ms");
    }
    switch (answer) {
      case Answer.Unknown unknown -> {
        undecided++;
        counts[1]++;
        lines.add(
            "undecided: "
                + name
                + " expected "
                + expected
                + " "
                + unknown.reason()
                + " "
                + inner
                + " IN "
                + outer);
      }
      case Answer.Proved _ -> {
        if (expected) {
          right++;
          counts[0]++;
        } else if (onlyDocumentIsValid(draft, remotes, inner, outer)) {
          disputed++;
          counts[2]++;
          lines.add("disputed by its only document: " + name + " " + inner + " IN " + outer);
        } else {
          wrongProof++;
          lines.add("WRONG PROOF: " + name + " " + inner + " IN " + outer);
        }
      }
      case Answer.Refuted refuted -> {
        if (expected) {
          disputed++;
          counts[2]++;
          lines.add(
              "disputed: "
                  + name
                  + " "
                  + inner
                  + " IN "
                  + outer
                  + " by "
                  + refuted.counterexample());
        } else {
          right++;
          counts[0]++;
        }
      }
    }
  }

  /** The first schema is one constant, and the validator accepts it under the second. */
  private static boolean onlyDocumentIsValid(Draft draft, Path remotes, Json inner, Json outer) {
    if (!(inner instanceof Json.Obj object)
        || object.members().size() != 1
        || object.get("const").isEmpty()) {
      return false;
    }
    Documents documents = uri -> remote(remotes, uri);
    SchemaLoader.Options options =
        SchemaLoader.Options.DEFAULT.withDraft(draft).withFormats(true).withDocuments(documents);
    return new Interpreter(new SchemaLoader(options).load(outer, "troth:/outer"))
        .isValid(object.get("const").orElseThrow());
  }

  private static Answer answer(Draft draft, Path remotes, Json inner, Json outer) {
    Documents documents = uri -> remote(remotes, uri);
    SchemaLoader.Options options =
        SchemaLoader.Options.DEFAULT.withDraft(draft).withFormats(true).withDocuments(documents);
    Schema a;
    Schema b;
    try {
      a = new SchemaLoader(options).load(inner, "troth:/inner");
      b = new SchemaLoader(options).load(outer, "troth:/outer");
    } catch (SchemaException e) {
      return new Answer.Unknown("load: " + e.getMessage());
    }
    return Containment.strict(Effort.NORMAL).of(a, b);
  }

  private static Optional<Json> remote(Path remotes, String uri) {
    if (!uri.startsWith("http://localhost:1234/")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonReader.read(Files.readAllBytes(remotes.resolve(uri.substring(22)))));
    } catch (Exception e) {
      return Optional.empty();
    }
  }
}
