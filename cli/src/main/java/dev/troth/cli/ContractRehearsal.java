package dev.troth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lints a contract and checks messages, so that these paths start fast. */
final class ContractRehearsal {
  private static final String CONTRACT =
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
      """;

  private ContractRehearsal() {}

  static void run() throws IOException {
    Path folder = Files.createTempDirectory("troth-rehearsal-");
    Path contract = folder.resolve("rehearsal.contract.yaml");
    Path good = folder.resolve("good.json");
    Path bad = folder.resolve("bad.json");
    try {
      Files.writeString(contract, CONTRACT);
      Files.writeString(good, "{\"id\": \"a\"}");
      Files.writeString(bad, "{\"id\": \"A\", \"at\": \"never\"}");
      RehearseCommand.rehearse("contract", "lint", contract.toString());
      RehearseCommand.rehearse(
          "contract", "validate", contract.toString(), good.toString(), bad.toString());
    } finally {
      Files.deleteIfExists(bad);
      Files.deleteIfExists(good);
      Files.deleteIfExists(contract);
      Files.deleteIfExists(folder);
    }
  }
}
