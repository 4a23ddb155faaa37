package dev.troth.cli.report;

import java.util.Locale;

/** How findings are written. */
public enum FindingFormat {
  /** For people. */
  TEXT,
  /** One JSON object. */
  JSON,
  /** JUnit XML, one test case a file. */
  JUNIT,
  /** SARIF 2.1.0. */
  SARIF,
  /** Workflow commands of GitHub Actions. */
  GITHUB,
  /** Code Quality reports of GitLab. */
  GITLAB;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
