package dev.troth.slo.file;

import dev.troth.slo.objective.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

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
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setMaxAliasesForCollections(50).setCodePointLimit(4_000_000).build();

  private ObjectiveFiles() {}

  /** A document with the file that it stands in. */
  record Document(String file, Entry root) {}

  /** Reads files: name to text. */
  public static Loaded read(Map<String, String> files) {
    List<FileError> problems = new ArrayList<>();
    List<Document> documents = new ArrayList<>();
    files.forEach((file, text) -> parse(file, text, documents, problems));
    OpenSlo openSlo = new OpenSlo();
    documents.forEach(document -> openSlo.remember(document.root()));
    List<Objective> objectives = new ArrayList<>();
    List<FileError> warnings = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (Document document : documents) {
      try {
        for (Objective objective : objectives(document.root(), openSlo)) {
          String place = document.file() + ":" + document.root().line();
          String before = places.putIfAbsent(objective.name(), place);
          if (before != null) {
            throw document
                .root()
                .wrong(
                    new IllegalArgumentException(
                        "objective '" + objective.name() + "' is already defined at " + before));
          }
          objectives.add(objective);
          for (String warning : Warnings.of(objective)) {
            warnings.add(new FileError(document.file(), document.root().line(), warning));
          }
        }
      } catch (Entry.WrongException wrong) {
        problems.add(
            new FileError(document.file(), wrong.line, String.valueOf(wrong.getMessage())));
      }
    }
    return new Loaded(objectives, problems, warnings);
  }

  private static List<Objective> objectives(Entry root, OpenSlo openSlo) {
    Entry version = root.need("apiVersion");
    Entry kind = root.need("kind");
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
    try {
      var parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
      var composer = new Composer(SETTINGS, parser);
      if (!composer.hasNext()) {
        problems.add(new FileError(file, 1, "has no document, expected an objective"));
      }
      while (composer.hasNext()) {
        Node node = composer.next();
        documents.add(new Document(file, new Entry("", node)));
      }
    } catch (MarkedYamlEngineException wrong) {
      int line = wrong.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      problems.add(new FileError(file, line, "not YAML: " + wrong.getProblem()));
    } catch (YamlEngineException wrong) {
      problems.add(new FileError(file, 1, "not YAML: " + wrong.getMessage()));
    }
  }
}
