package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Validator;
import dev.troth.contracts.Verdict;
import dev.troth.contracts.validate.Violation;
import dev.troth.json.Json;
import dev.troth.json.file.Location;
import dev.troth.json.file.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract validate CONTRACT MESSAGE...}: do these messages keep the contract? */
@Command(
    name = "validate",
    description = "Says whether messages keep a contract, and if not, what is wrong.",
    mixinStandardHelpOptions = true)
final class ContractValidateCommand implements Callable<Integer> {
  /** From so many messages on, compiling the schema pays. */
  private static final int MANY = 500;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ContractReferences references = new ContractReferences();

  @Parameters(index = "0", paramLabel = "CONTRACT", description = "The contract, YAML or JSON.")
  private Path contract = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "MESSAGE",
      description = "Messages in JSON; - reads one from standard input.")
  private List<Path> messages = List.of();

  @Option(names = "--lines", description = "Each line of a file is a message of its own.")
  private boolean lines;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FindingFormat format = FindingFormat.TEXT;

  private final List<Finding> findings = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Contract loaded = load();
    boolean many = lines || messages.size() >= MANY;
    Validator validator = many ? loaded.validator() : loaded.inspector();
    for (Path message : messages) {
      byte[] bytes = read(message);
      if (lines) {
        eachLine(validator, message.toString(), bytes);
      } else {
        check(validator, message.toString(), 1, bytes);
      }
    }
    FindingReport report =
        new FindingReport(messages.stream().map(Path::toString).toList(), findings);
    report.write(format, requireNonNull(spec).commandLine().getOut());
    return report.exitCode();
  }

  private Contract load() {
    try {
      return references.load(contract);
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(contract, e));
    } catch (ContractException e) {
      throw CommandException.usage("the contract cannot be used:\n" + e.getMessage());
    }
  }

  private static byte[] read(Path message) {
    try {
      return message.toString().equals("-")
          ? System.in.readAllBytes()
          : Files.readAllBytes(message);
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(message, e));
    }
  }

  private void eachLine(Validator validator, String file, byte[] bytes) {
    int line = 1;
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '\n') {
        byte[] message = Arrays.copyOfRange(bytes, start, i);
        if (!new String(message, StandardCharsets.ISO_8859_1).isBlank()) {
          check(validator, file, line, message);
        }
        start = i + 1;
        line++;
      }
    }
  }

  /**
   * Checks one message.
   *
   * @param line where it begins in the file
   */
  private void check(Validator validator, String file, int line, byte[] message) {
    Verdict verdict = validator.validate(message);
    if (verdict.violations().isEmpty() && verdict.warnings().isEmpty()) {
      return;
    }
    MessagePlaces places = MessagePlaces.of(file, line, message);
    verdict.violations().forEach(v -> findings.add(finding(v, places, Finding.Severity.ERROR)));
    verdict.warnings().forEach(v -> findings.add(finding(v, places, Finding.Severity.WARNING)));
  }

  private static Finding finding(
      Violation violation, MessagePlaces places, Finding.Severity severity) {
    String where = violation.schema().isEmpty() ? "" : "see " + violation.schema();
    return new Finding(
        violation.keyword(), severity, places.of(violation.pointer()), violation.toString(), where);
  }

  /**
   * Where the values of one message stand.
   *
   * @param firstLine where the message begins in its file
   */
  private record MessagePlaces(SourceFile source, int firstLine, Location whole) {
    static MessagePlaces of(String file, int firstLine, byte[] message) {
      try {
        // Whatever its name, a message is JSON.
        SourceFile json = SourceFile.json(file, message);
        return new MessagePlaces(json, firstLine, Location.file(file));
      } catch (SourceFile.SyntaxException e) {
        Location bad = e.place();
        int line = Math.max(1, bad.line()) + firstLine - 1;
        return new MessagePlaces(
            new SourceFile(file, Json.Null.NULL, Map.of()),
            firstLine,
            new Location(file, line, Math.max(1, bad.column()), ""));
      }
    }

    Location of(String pointer) {
      Location place = source.place(pointer);
      return place.line() == 0
          ? new Location(whole.file(), whole.line(), whole.column(), pointer)
          : new Location(
              place.file(), place.line() + firstLine - 1, place.column(), place.pointer());
    }
  }
}
