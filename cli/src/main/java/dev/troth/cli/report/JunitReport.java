package dev.troth.cli.report;

import dev.troth.contracts.Finding;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Findings in JUnit's XML: one test case a checked file, which fails by its errors. */
record JunitReport(List<String> checked, List<Finding> findings) {
  String xml() {
    List<String> files = files();
    long failed = files.stream().filter(file -> !errors(file).isEmpty()).count();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append(
        "<testsuites name=\"troth\" tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"0\">%n"
            .formatted(files.size(), failed));
    xml.append(
        "  <testsuite name=\"contract\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"0\">%n"
            .formatted(files.size(), failed));
    for (String file : files) {
      testCase(xml, file);
    }
    return xml.append("  </testsuite>\n</testsuites>\n").toString();
  }

  /** What was checked, and other files in which something was found, such as a schema beside. */
  private List<String> files() {
    Set<String> files = new LinkedHashSet<>(checked);
    findings.forEach(finding -> files.add(finding.location().file()));
    return List.copyOf(files);
  }

  private List<Finding> of(String file) {
    return findings.stream().filter(finding -> finding.location().file().equals(file)).toList();
  }

  private List<Finding> errors(String file) {
    return of(file).stream().filter(Finding::isError).toList();
  }

  private void testCase(StringBuilder xml, String file) {
    xml.append(
        "    <testcase classname=\"contract\" name=\"%s\" time=\"0\">%n"
            .formatted(attribute(file)));
    List<Finding> errors = errors(file);
    if (!errors.isEmpty()) {
      String summary = errors.size() == 1 ? errors.getFirst().message() : errors.size() + " errors";
      xml.append(
          "      <failure type=\"%s\" message=\"%s\">"
              .formatted(attribute(errors.getFirst().rule()), attribute(summary)));
      errors.forEach(finding -> xml.append(text(line(finding))).append('\n'));
      xml.append("</failure>\n");
    }
    List<Finding> warnings = of(file).stream().filter(finding -> !finding.isError()).toList();
    if (!warnings.isEmpty()) {
      xml.append("      <system-out>");
      warnings.forEach(finding -> xml.append(text(line(finding))).append('\n'));
      xml.append("</system-out>\n");
    }
    xml.append("    </testcase>\n");
  }

  private static String line(Finding finding) {
    return finding + (finding.cure().isEmpty() ? "" : " (cure: " + finding.cure() + ")");
  }

  private static String attribute(String value) {
    return text(value).replace("\"", "&quot;").replace("\n", "&#10;");
  }

  /** Escapes, and replaces what XML 1.0 cannot hold. */
  private static String text(String value) {
    StringBuilder out = new StringBuilder();
    value
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            default -> {
              boolean allowed = c == '\n' || c == '\t' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
              out.appendCodePoint(allowed ? c : 0xfffd);
            }
          }
        });
    return out.toString();
  }
}
