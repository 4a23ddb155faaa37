package dev.troth.cli.command;

/** Ends a command with one line on standard error and an exit code. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command line, a file or the configuration is wrong. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  /** The tool could not do its work. */
  public static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message);
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
