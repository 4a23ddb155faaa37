package dev.troth.cli.report;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Printable;
import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.Location;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes findings in one of the {@link FindingFormat}s.
 *
 * @param checked the files that were checked, in order; those without findings passed
 */
public record FindingReport(List<String> checked, List<Finding> findings) {
  public FindingReport {
    checked = List.copyOf(checked);
    findings = List.copyOf(findings);
  }

  /** 0 without errors, else 1; warnings alone do not fail a check. */
  public int exitCode() {
    return findings.stream().anyMatch(Finding::isError) ? ExitCode.FINDINGS : ExitCode.OK;
  }

  /** Writes the report and answers the exit code. */
  public int write(FindingFormat format, CommandSpec command) {
    write(format, command.commandLine().getOut());
    return exitCode();
  }

  public void write(FindingFormat format, PrintWriter out) {
    switch (format) {
      case TEXT -> text(out);
      case JSON -> out.println(JsonWriter.pretty(json()));
      case JUNIT -> out.print(new JunitReport(checked, findings).xml());
      case SARIF -> out.println(JsonWriter.pretty(new SarifReport(findings).json()));
      case GITHUB -> findings.forEach(finding -> out.println(github(finding)));
      case GITLAB -> out.println(JsonWriter.pretty(gitlab()));
    }
    out.flush();
  }

  private void text(PrintWriter out) {
    for (Finding finding : findings) {
      out.println(
          Printable.lines(
              "%s: %s: %s [%s]"
                  .formatted(
                      finding.place(),
                      name(finding.severity()),
                      finding.message(),
                      finding.rule())));
      if (!finding.cure().isEmpty()) {
        out.println("    cure: " + Printable.lines(finding.cure()));
      }
    }
    long errors = findings.stream().filter(Finding::isError).count();
    out.printf(
        "%d checked, %s, %s%n",
        checked.size(), count(errors, "error"), count(findings.size() - errors, "warning"));
  }

  private static String name(Finding.Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
    };
  }

  private static String count(long count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private Json json() {
    List<Json> items = new ArrayList<>();
    for (Finding finding : findings) {
      items.add(json(finding));
    }
    return object(
        "checked", new Json.Arr(checked.stream().map(FindingReport::text).toList()),
        "findings", new Json.Arr(items));
  }

  private static Json json(Finding finding) {
    Location place = finding.location();
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("rule", text(finding.rule()));
    members.put("severity", text(name(finding.severity())));
    members.put("place", text(finding.place()));
    members.put("file", text(place.file()));
    if (place.line() > 0) {
      members.put("line", Json.Num.of(place.line()));
      members.put("column", Json.Num.of(place.column()));
    }
    members.put("pointer", text(place.pointer()));
    members.put("message", text(finding.message()));
    members.put("cure", text(finding.cure()));
    return new Json.Obj(members);
  }

  /** {@code ::error file=…,line=…,col=…,title=…::message}. */
  private static String github(Finding finding) {
    Location place = finding.location();
    StringBuilder command =
        new StringBuilder("::" + name(finding.severity()) + " file=" + property(place.file()));
    if (place.line() > 0) {
      command.append(",line=").append(place.line()).append(",col=").append(place.column());
    }
    return command
        .append(",title=")
        .append(property(finding.rule()))
        .append("::")
        .append(escape(finding.message() + cure(finding)))
        .toString();
  }

  private static String cure(Finding finding) {
    return finding.cure().isEmpty() ? "" : " Cure: " + finding.cure() + ".";
  }

  private static String escape(String data) {
    return data.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String value) {
    return escape(value).replace(":", "%3A").replace(",", "%2C");
  }

  private Json gitlab() {
    List<Json> items = new ArrayList<>();
    for (Finding finding : findings) {
      Location place = finding.location();
      items.add(
          object(
              "description", text(finding.message() + cure(finding)),
              "check_name", text(finding.rule()),
              "fingerprint", text(SarifReport.fingerprint(finding)),
              "severity", text(finding.isError() ? "major" : "minor"),
              "location",
                  object(
                      "path", text(place.file()),
                      "lines", object("begin", Json.Num.of(Math.max(1, place.line()))))));
    }
    return new Json.Arr(items);
  }

  public static Json text(String value) {
    return new Json.Str(value);
  }

  /** An object from names and values in turn. */
  public static Json object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }
}
