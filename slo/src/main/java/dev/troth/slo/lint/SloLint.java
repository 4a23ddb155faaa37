package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.file.FileError;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks files by what they hold: objectives have an {@code apiVersion}, templates {@code
 * Resources}, and a bare map of resources has types or metrics.
 */
public final class SloLint {
  private SloLint() {}

  /**
   * What was found.
   *
   * @param loaded the objectives, and what is wrong with files of objectives or with no meaning
   * @param templates the files that are templates
   * @param findings the mistakes in templates
   * @param unchecked what of templates is known at deployment only
   */
  public record Report(
      Loaded loaded, List<String> templates, List<Finding> findings, List<Finding> unchecked) {
    public Report {
      templates = List.copyOf(templates);
      findings = List.copyOf(findings);
      unchecked = List.copyOf(unchecked);
    }
  }

  /** Checks files, name to text, together: one may show what another leaves out. */
  public static Report check(Map<String, String> files) {
    Map<String, String> objectives = new LinkedHashMap<>();
    TemplateLint templates = new TemplateLint();
    List<String> names = new ArrayList<>();
    List<FileError> problems = new ArrayList<>();
    files.forEach((name, text) -> {
      SourceFile.Documents documents = Template.documents(name, text);
      List<SourceFile> others = documents.read().stream().filter(d -> !templates.add(d)).toList();
      boolean template = others.size() < documents.read().size();
      if (template) {
        names.add(name);
        documents
            .wrong()
            .forEach(wrong ->
                problems.add(new FileError(name, line(wrong), "not YAML: " + wrong.reason())));
      } else if (others.isEmpty() || others.stream().anyMatch(SloLint::hasVersion)) {
        objectives.put(name, text);
        return;
      }
      others.forEach(other -> problems.add(unrecognized(name, other)));
    });
    Loaded loaded = ObjectiveFiles.read(objectives);
    problems.addAll(loaded.problems());
    loaded
        .details()
        .forEach((name, detail) ->
            detail
                .deployment()
                .ifPresent(deployment ->
                    templates.know(
                        new Location(detail.file(), detail.line(), 1, ""), name, deployment)));
    return new Report(loaded.with(problems), names, templates.findings(), templates.unchecked());
  }

  private static boolean hasVersion(SourceFile document) {
    Section root = Section.of(document);
    return root.isMapping() && root.keys().contains("apiVersion");
  }

  private static FileError unrecognized(String name, SourceFile document) {
    return new FileError(
        name,
        Section.of(document).line(),
        "is nothing that lint knows: no objective (it has no 'apiVersion'), no CloudFormation template"
            + " (no 'Resources') and no map of resources (no 'Type: AWS::…', no 'Metrics')");
  }

  private static int line(SourceFile.SyntaxException wrong) {
    return Math.max(1, wrong.place().line());
  }
}
