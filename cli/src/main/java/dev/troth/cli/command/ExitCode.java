package dev.troth.cli.command;

/** What a process of {@code troth} says by its exit code. */
public final class ExitCode {
  public static final int OK = 0;

  /** What was asked about falls short: a lint finding, an invalid document, a spent budget. */
  public static final int FINDINGS = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  /** The tool itself failed: no answer was found, which is never a good answer. */
  public static final int FAILED = 3;

  private ExitCode() {}
}
