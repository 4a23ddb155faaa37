package dev.troth.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the paths that commands share once, so that the launcher can cache their classes. */
@Command(name = "rehearse", hidden = true, description = "Prepares a fast start.")
final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    rehearse("--version");
    rehearse("--help");
    contract();
    return ExitCode.OK;
  }

  /** Lints a contract and checks a message that keeps it and one that does not. */
  private static void contract() throws IOException {
    Path folder = Files.createTempDirectory("troth-rehearsal");
    Path contract = folder.resolve("rehearsal.contract.yaml");
    Path message = folder.resolve("message.json");
    try {
      Files.writeString(
          contract,
          """
          contract: rehearsal
          version: 1.0.0
          owner: nobody
          schema:
            type: object
            required: [id]
            properties:
              id: {type: string, pattern: "^[a-z]+$"}
              at: {type: string, format: date-time}
          rules:
            - {id: named, check: size(this.id) > 0}
          examples:
            - {id: a}
          """);
      Files.writeString(message, "{\"id\": \"A\", \"at\": \"never\"}");
      rehearse("contract", "lint", contract.toString());
      rehearse("contract", "validate", contract.toString(), message.toString());
      Files.writeString(message, "{\"id\": \"a\"}");
      rehearse("contract", "validate", contract.toString(), message.toString());
    } finally {
      Files.deleteIfExists(message);
      Files.deleteIfExists(contract);
      Files.deleteIfExists(folder);
    }
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
