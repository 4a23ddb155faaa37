package dev.troth.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the paths that commands share once, so that the launcher can cache their classes. */
@Command(name = "rehearse", hidden = true, description = "Prepares a fast start.")
final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    rehearse("--version");
    rehearse("--help");
    return ExitCode.OK;
  }

  /** Runs one command in this process and drops what it prints. */
  private static void rehearse(String... args) {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    CommandLine troth = Troth.commandLine();
    troth.setOut(nowhere).setErr(nowhere);
    troth.execute(args);
  }
}
