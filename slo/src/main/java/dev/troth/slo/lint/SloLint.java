package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.file.FileError;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Checks files by what they hold: objectives have an {@code apiVersion}, templates {@code
 * Resources}, a bare map of resources has types or metrics, a plan of Terraform {@code
 * planned_values}, rules of Prometheus {@code groups}.
 */
public final class SloLint {
  private static final String TERRAFORM_LOG =
      "is the log of 'terraform plan -json', which holds no values: expected what 'terraform show"
          + " -json PLAN' prints";

  private SloLint() {}

  /**
   * What was found.
   *
   * @param loaded the objectives, and what is wrong with files of objectives or with no meaning
   * @param templates the files that are templates, or plans of Terraform
   * @param rules the files that are rules of Prometheus
   * @param findings the mistakes in templates and rules
   * @param unchecked what could not be checked, such as what is known at deployment only
   * @param passed the files that nobody named and that are none of these
   */
  public record Report(
      Loaded loaded,
      List<String> templates,
      List<String> rules,
      List<Finding> findings,
      List<Finding> unchecked,
      List<String> passed) {
    public Report {
      passed = List.copyOf(passed);
      templates = List.copyOf(templates);
      rules = List.copyOf(rules);
      findings = List.copyOf(findings);
      unchecked = List.copyOf(unchecked);
    }
  }

  /** Checks files, name to text, together: one may show what another leaves out. */
  public static Report check(Map<String, String> files) {
    return check(files, name -> true);
  }

  /**
   * Checks files of which some were only found in a folder: those that are nothing that lint knows
   * are passed over.
   *
   * @param named whether somebody named a file, who then expects it to be known
   */
  public static Report check(Map<String, String> files, Predicate<String> named) {
    List<String> passed = new ArrayList<>();
    Map<String, String> objectives = new LinkedHashMap<>();
    TemplateLint templates = new TemplateLint();
    PrometheusLint prometheus = new PrometheusLint();
    List<String> names = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    List<Finding> assemblies = new ArrayList<>();
    List<FileError> problems = new ArrayList<>();
    files.forEach((name, text) -> {
      if (text.startsWith("{\"@level\"")) {
        problems.add(new FileError(name, 1, TERRAFORM_LOG));
        return;
      }
      SourceFile.Documents documents = Template.documents(name, text);
      List<SourceFile> noRules = documents.read().stream().filter(d -> !prometheus.add(d)).toList();
      List<SourceFile> noTemplates = noRules.stream().filter(d -> !templates.add(d)).toList();
      noTemplates.stream().filter(SloLint::isAssembly).forEach(d -> assemblies.add(assembly(d)));
      List<SourceFile> others = noTemplates.stream().filter(d -> !isAssembly(d)).toList();
      boolean known = others.size() < documents.read().size();
      if (known) {
        if (noRules.size() < documents.read().size()) {
          rules.add(name);
        } else if (noTemplates.size() < noRules.size()) {
          names.add(name);
        }
        documents
            .wrong()
            .forEach(wrong ->
                problems.add(new FileError(name, line(wrong), "not YAML: " + wrong.reason())));
      } else if (others.isEmpty() || others.stream().anyMatch(SloLint::hasVersion)) {
        objectives.put(name, text);
        return;
      }
      if (!known && !named.test(name)) {
        passed.add(name);
      } else {
        others.forEach(other -> problems.add(unrecognized(name, other)));
      }
    });
    Loaded loaded = ObjectiveFiles.read(objectives);
    problems.addAll(loaded.problems());
    loaded
        .details()
        .forEach((name, detail) -> {
          Location place = new Location(detail.file(), detail.line(), 1, "");
          detail.queries().ifPresent(queries -> prometheus.add(name, place, queries));
          detail.deployment().ifPresent(deployment -> templates.know(place, name, deployment));
        });
    List<Finding> findings = new ArrayList<>(templates.findings());
    loaded.objectives().forEach(objective -> additive(objective, loaded, findings));
    findings.addAll(prometheus.findings());
    List<Finding> unchecked = new ArrayList<>(templates.unchecked());
    unchecked.addAll(prometheus.unchecked());
    unchecked.addAll(assemblies);
    return new Report(loaded.with(problems), names, rules, findings, unchecked, passed);
  }

  private static void additive(Objective objective, Loaded loaded, List<Finding> findings) {
    Loaded.Detail detail = loaded.details().get(objective.name());
    if (objective.kind() == CountingMethod.ADDITIVE && detail != null) {
      findings.add(
          Finding.warning(
              "composite/added-failures",
              new Location(detail.file(), detail.line(), 1, ""),
              "%s adds the failures of its steps (kind: additive): one failed request counts once per step"
                      .formatted(objective.name())
                  + " that saw it, and the result may fall below 0",
              "kind: exact counts requests by their traces, kind: disjoint by counters of which no"
                  + " two count the same request"));
    }
  }

  /** What the CDK writes beside its templates: a manifest, a tree, lists of assets. */
  private static boolean isAssembly(SourceFile document) {
    Section root = Section.of(document);
    return root.isMapping()
        && root.get("version").filter(Section::isScalar).isPresent()
        && List.of("artifacts", "tree", "files").stream()
            .anyMatch(key -> root.get(key).filter(Section::isMapping).isPresent());
  }

  private static Finding assembly(SourceFile document) {
    return Finding.warning(
        "template/unchecked",
        Section.of(document).place(),
        "is a file of the CDK's assembly and holds no resources",
        "");
  }

  private static boolean hasVersion(SourceFile document) {
    Section root = Section.of(document);
    return root.isMapping() && root.keys().contains("apiVersion");
  }

  private static FileError unrecognized(String name, SourceFile document) {
    return new FileError(
        name,
        Section.of(document).line(),
        "is nothing that lint knows: no objective (it has no 'apiVersion'), no CloudFormation"
            + " template (no 'Resources'), no map of resources (no 'Type: AWS::…', no 'Metrics'),"
            + " no plan of Terraform (no 'planned_values') and no rules of Prometheus (no"
            + " 'groups')");
  }

  private static int line(SourceFile.SyntaxException wrong) {
    return Math.max(1, wrong.place().line());
  }
}
