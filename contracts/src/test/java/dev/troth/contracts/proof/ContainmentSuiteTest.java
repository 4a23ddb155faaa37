package dev.troth.contracts.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Size;
import dev.troth.testkit.Suites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The public containment suite: pairs of schemas and whether one contains the other. Its truths are
 * machine-made; where one is wrong, a document says so that both validators agree on.
 */
final class ContainmentSuiteTest {
  private static final String REMOTE = "http://localhost:1234/";

  private final List<String> disputed = new ArrayList<>();
  private final List<String> wronglyProved = new ArrayList<>();
  private int checks;
  private int right;
  private int undecided;

  /** A check of the suite: whether every document of {@code inner} is valid under {@code outer}. */
  private record Check(String name, Json inner, Json outer, boolean contained) {}

  @ParameterizedTest
  @CsvSource({
    "DRAFT_6, draft6, 98",
    "DRAFT_7, draft7, 98",
    "DRAFT_2019_09, draft2019-09, 97",
    "DRAFT_2020_12, draft2020-12, 97"
  })
  void no_breaking_change_is_called_safe(Draft draft, String folder, int percent)
      throws IOException {
    Path root = Suites.require("json-schema-containment").resolve(folder);
    SchemaLoader.Options options =
        SchemaLoader.Options.DEFAULT.withDraft(draft).withDocuments(remotes());
    for (Check check : checks(root)) {
      judge(check, options);
    }
    disputed.forEach(System.out::println);
    System.out.printf(
        "%s: %,d checks, %,d right (%.2f %%), %d undecided, %d disproved by a document%n",
        folder, checks, right, 100.0 * right / checks, undecided, disputed.size());
    assertThat(wronglyProved).isEmpty();
    assertThat(100.0 * right / checks).isGreaterThan(percent);
  }

  private static List<Check> checks(Path root) throws IOException {
    List<Check> checks = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        for (Json item : ((Json.Arr) JsonReader.read(Files.readAllBytes(file))).items()) {
          Json.Obj pair = (Json.Obj) item;
          Json first = pair.get("schema1").orElseThrow();
          Json second = pair.get("schema2").orElseThrow();
          ((Json.Obj) pair.get("tests").orElseThrow())
              .members()
              .forEach((test, truth) -> {
                boolean forth = test.equals("s1SubsetEqOfs2");
                String name =
                    root.relativize(file) + " " + pair.get("id").orElseThrow() + " " + test;
                checks.add(
                    new Check(
                        name,
                        forth ? first : second,
                        forth ? second : first,
                        truth == Json.Bool.TRUE));
              });
        }
      }
    }
    return checks;
  }

  private void judge(Check check, SchemaLoader.Options options) {
    checks++;
    Schema inner;
    Schema outer;
    try {
      inner = new SchemaLoader(options).load(check.inner(), "troth:/inner");
      outer = new SchemaLoader(options).load(check.outer(), "troth:/outer");
    } catch (SchemaException leadsNowhere) {
      undecided++;
      return;
    }
    switch (Containment.strict(Effort.NORMAL).of(inner, outer)) {
      case Answer.Unknown _ -> undecided++;
      case Answer.Proved _ -> {
        if (check.contained()) {
          right++;
        } else if (onlyDocumentIsValid(check.inner(), outer)) {
          disputed.add("disproved by its only document: " + check.name());
        } else {
          wronglyProved.add(check.toString());
        }
        // Every proof is challenged at full size, every fifth in each build.
        boolean challenged = Size.ofThisRun() == Size.FULL || checks % 5 == 0;
        for (Json document : challenged ? Neighbours.of(inner) : List.<Json>of()) {
          assertThat(new Interpreter(outer).isValid(document))
              .as("%s: a document of the inner schema is refused: %s", check, document)
              .isTrue();
        }
      }
      case Answer.Refuted refuted -> {
        byte[] document = refuted.counterexample().toString().getBytes(StandardCharsets.UTF_8);
        assertThat(compiled(inner).map(c -> c.isValid(document)).orElse(true))
            .as("%s: the compiled validator accepts %s", check, refuted.counterexample())
            .isTrue();
        assertThat(compiled(outer).map(c -> c.isValid(document)).orElse(false)).isFalse();
        if (check.contained()) {
          disputed.add("disproved by " + refuted.counterexample() + ": " + check.name());
        } else {
          right++;
        }
      }
    }
  }

  private static Optional<CompiledSchema> compiled(Schema schema) {
    return CompiledSchema.of(schema, JsonLimits.DEFAULT);
  }

  /** The first schema is one constant, and the validator accepts it under the second. */
  private static boolean onlyDocumentIsValid(Json inner, Schema outer) {
    return inner instanceof Json.Obj object
        && object.members().size() == 1
        && object.get("const").filter(new Interpreter(outer)::isValid).isPresent();
  }

  private static Documents remotes() {
    Path root = Suites.require("json-schema-test-suite").resolve("remotes");
    return uri -> {
      Path file = root.resolve(uri.startsWith(REMOTE) ? uri.substring(REMOTE.length()) : "none");
      try {
        return Files.isRegularFile(file)
            ? Optional.of(JsonReader.read(Files.readAllBytes(file)))
            : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
