package dev.troth.slo.file;

import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import dev.troth.slo.objective.Objective;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads objective files, YAML or JSON, several documents a file.
 *
 * <pre>{@code
 * Loaded loaded = ObjectiveFiles.read(Map.of("orders.yaml", text));
 * }</pre>
 *
 * <p>Documents refer to each other by name across files, as OpenSLO has it. One wrong document
 * never hides the others.
 */
public final class ObjectiveFiles {
  private static final YamlLimits LIMITS = new YamlLimits(4_000_000, 50);

  private ObjectiveFiles() {}

  /** A document with the file that it stands in. */
  record Document(String file, Section root) {}

  /** Reads files: name to text. */
  public static Loaded read(Map<String, String> files) {
    List<FileError> problems = new ArrayList<>();
    List<Document> documents = new ArrayList<>();
    files.forEach((file, text) -> parse(file, text, documents, problems));
    OpenSlo openSlo = new OpenSlo();
    documents.forEach(document -> openSlo.remember(document.root()));
    List<Objective> objectives = new ArrayList<>();
    List<FileError> warnings = new ArrayList<>();
    Map<String, Loaded.Detail> details = new HashMap<>();
    for (Document document : documents) {
      try {
        for (Objective objective : objectives(document.root(), openSlo)) {
          Loaded.Detail detail = detail(document, objective, openSlo);
          Loaded.Detail before = details.putIfAbsent(objective.name(), detail);
          if (before != null) {
            throw document
                .root()
                .wrong(
                    new IllegalArgumentException(
                        "objective '%s' is already defined at %s:%d"
                            .formatted(objective.name(), before.file(), before.line())));
          }
          objectives.add(objective);
          for (String warning : Warnings.of(objective)) {
            warnings.add(new FileError(document.file(), document.root().line(), warning));
          }
        }
      } catch (Section.WrongException wrong) {
        problems.add(
            new FileError(document.file(), Math.max(1, wrong.place().line()), wrong.reason()));
      }
    }
    return new Loaded(objectives, problems, warnings, details);
  }

  private static Loaded.Detail detail(Document document, Objective objective, OpenSlo openSlo) {
    Section root = document.root();
    boolean composite = root.need("apiVersion").text().equals("troth.dev/v1");
    return new Loaded.Detail(
        document.file(),
        root.line(),
        composite ? CompositeSlo.deployment(root, objective) : Optional.empty(),
        composite ? Optional.empty() : openSlo.queries(objective.name()));
  }

  private static List<Objective> objectives(Section root, OpenSlo openSlo) {
    Section version = root.need("apiVersion");
    Section kind = root.need("kind");
    return switch (version.text()) {
      case "openslo/v1" -> openSlo.objectives(root, kind);
      case "troth.dev/v1" -> {
        if (!kind.text().equals("CompositeSLO")) {
          throw kind.wrong("CompositeSLO");
        }
        yield CompositeSlo.objectives(root);
      }
      default -> throw version.wrong("openslo/v1 or troth.dev/v1");
    };
  }

  private static void parse(
      String file, String text, List<Document> documents, List<FileError> problems) {
    SourceFile.Documents read =
        SourceFile.documents(file, text.getBytes(StandardCharsets.UTF_8), LIMITS);
    if (read.read().isEmpty() && read.wrong().isEmpty()) {
      problems.add(new FileError(file, 1, "has no document, expected an objective"));
    }
    read.read().forEach(document -> documents.add(new Document(file, Section.of(document))));
    for (SourceFile.SyntaxException wrong : read.wrong()) {
      int line = Math.max(1, wrong.place().line());
      problems.add(new FileError(file, line, "not YAML: " + wrong.reason()));
    }
  }
}
