package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Finding;
import dev.troth.json.file.Location;
import dev.troth.server.objective.ObjectiveFolder;
import dev.troth.slo.file.FileError;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.lint.SloLint;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth slo lint}: are these promises, and the templates that watch them, well-meant? */
@Command(
    name = "lint",
    description = {
      "Checks objective files, CloudFormation templates (of the CDK, too), plans of Terraform and"
          + " rules",
      "of Prometheus without a platform. A file is known by its content: apiVersion, Resources, a"
          + " bare",
      "map of resources, planned_values (terraform show -json PLAN), or groups of rules.",
      "Other files of a folder are passed over; who names one expects it to be known.",
      "Fails with exit code 1 if anything is wrong, or an objective would not be measured."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SloLintCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, or folders of them.")
  private List<Path> files = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FindingFormat format = FindingFormat.TEXT;

  @Override
  public Integer call() {
    ObjectiveFolder.Texts texts = SloFiles.texts(files);
    SloLint.Report report = check(texts);
    List<FileError> problems = texts.and(report.loaded().problems());
    List<Finding> findings = new ArrayList<>();
    problems.forEach(problem ->
        findings.add(Finding.error("objective/wrong", place(problem), problem.message(), "")));
    report
        .loaded()
        .warnings()
        .forEach(warning ->
            findings.add(
                Finding.warning("objective/warning", place(warning), warning.message(), "")));
    report.findings().forEach(finding -> findings.add(finding(finding)));
    if (format == FindingFormat.TEXT) {
      known(report);
    }
    unmeasured(report, findings);
    List<String> checked = new ArrayList<>(texts.byName().keySet());
    checked.removeAll(report.passed());
    return new FindingReport(checked, findings).write(format, requireNonNull(spec));
  }

  /** What a folder holds beside is passed over, unless it holds nothing else. */
  private SloLint.Report check(ObjectiveFolder.Texts texts) {
    Set<String> named =
        files.stream()
            .filter(file -> !Files.isDirectory(file))
            .map(Path::toString)
            .collect(Collectors.toUnmodifiableSet());
    SloLint.Report report = SloLint.check(texts.byName(), named::contains);
    return report.passed().size() == texts.byName().size() ? SloLint.check(texts.byName()) : report;
  }

  /** What the files hold, beside what is wrong with them. */
  private void known(SloLint.Report report) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    for (Objective objective : report.loaded().objectives()) {
      if (!(objective.measure() instanceof Measure.Unmeasured)) {
        out.printf(
            "%s: %s, %s %s over %s%n",
            objective.name(),
            objective.kind().word(),
            objective.measure().word(),
            SloText.percent(objective.goal().target()),
            objective.goal().window().text());
      }
    }
    report.templates().forEach(template -> out.printf("%s: a template%n", template));
    report.rules().forEach(rules -> out.printf("%s: rules of Prometheus%n", rules));
    int passed = report.passed().size();
    if (passed > 0) {
      out.printf("%d %s none of these%n", passed, passed == 1 ? "file is" : "files are");
    }
    report
        .unchecked()
        .forEach(open -> out.printf("%s: not checked: %s%n", open.place(), open.message()));
  }

  private static void unmeasured(SloLint.Report report, List<Finding> findings) {
    for (Objective objective : report.loaded().objectives()) {
      Loaded.Detail detail = report.loaded().details().get(objective.name());
      if (objective.measure() instanceof Measure.Unmeasured(String reason) && detail != null) {
        findings.add(
            Finding.error(
                "objective/unmeasured",
                new Location(detail.file(), detail.line(), 1, ""),
                "%s: unmeasured: %s".formatted(objective.name(), reason),
                ""));
      }
    }
  }

  private static Location place(FileError error) {
    return new Location(error.file(), error.line(), 1, "");
  }

  private static Finding finding(dev.troth.slo.lint.Finding finding) {
    return new Finding(
        finding.rule(),
        finding.error() ? Finding.Severity.ERROR : Finding.Severity.WARNING,
        finding.place(),
        finding.message(),
        finding.cure());
  }
}
