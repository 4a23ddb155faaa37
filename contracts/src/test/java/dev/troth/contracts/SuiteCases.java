package dev.troth.contracts;

import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Draft;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Suites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The cases of JSON-Schema-Test-Suite. */
public record SuiteCases(Path suite, Draft draft) {
  private static final String REMOTE = "http://localhost:1234/";

  /** One schema and the documents tried on it. */
  public record Case(String file, String name, Json schema, List<Json.Obj> tests) {}

  public static SuiteCases of(Draft draft) {
    return new SuiteCases(Suites.require("json-schema-test-suite"), draft);
  }

  private String folder() {
    return switch (draft) {
      case DRAFT_4 -> "draft4";
      case DRAFT_6 -> "draft6";
      case DRAFT_7 -> "draft7";
      case DRAFT_2019_09 -> "draft2019-09";
      case DRAFT_2020_12 -> "draft2020-12";
    };
  }

  /**
   * The cases of the files directly in one folder of the draft: "", "optional", "optional/format".
   */
  public List<Case> cases(String folder) {
    List<Case> cases = new ArrayList<>();
    for (Path file : files(suite.resolve("tests").resolve(folder()).resolve(folder))) {
      for (Json group : ((Json.Arr) read(file)).items()) {
        Json.Obj object = (Json.Obj) group;
        List<Json.Obj> tests =
            ((Json.Arr) object.get("tests").orElseThrow())
                .items().stream().map(Json.Obj.class::cast).toList();
        cases.add(
            new Case(
                folder + "/" + file.getFileName(),
                object.text("description").orElseThrow(),
                object.get("schema").orElseThrow(),
                tests));
      }
    }
    return cases;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Json read(Path file) {
    try {
      return JsonReader.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents that the suite expects at {@code http://localhost:1234/}. */
  public Documents remotes() {
    return uri -> {
      Path file =
          suite
              .resolve("remotes")
              .resolve(uri.startsWith(REMOTE) ? uri.substring(REMOTE.length()) : "none");
      return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
    };
  }
}
