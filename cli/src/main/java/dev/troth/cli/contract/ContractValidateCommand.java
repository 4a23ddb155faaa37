package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.contract.topic.TopicOptions;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Validator;
import dev.troth.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      arity = "0..*",
      paramLabel = "MESSAGE",
      description = "Messages in JSON; - reads standard input.")
  private List<Path> messages = List.of();

  @Option(names = "--lines", description = "Each line of a file is a message of its own.")
  private boolean lines;

  @Option(
      names = "--jdbc",
      paramLabel = "URL",
      description =
          "Validates the rows of --table instead: jdbc:sqlite:FILE, jdbc:postgresql://HOST/DATABASE."
              + " NULL counts as absent, unless the property is required.")
  private @Nullable String jdbc;

  @Option(names = "--table", paramLabel = "TABLE", description = "The table or view.")
  private @Nullable String table;

  @Option(
      names = "--show",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "How many findings of lines or rows are shown, the first ones; all are counted (default:"
              + " ${DEFAULT-VALUE}).")
  private int shown = 100;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FindingFormat format = FindingFormat.TEXT;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private TopicOptions topics = new TopicOptions();

  private final List<Finding> findings = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if ((jdbc == null) != (table == null)) {
      throw CommandException.usage("expected --jdbc URL and --table TABLE together");
    }
    boolean topic = topics.given();
    long sources = Stream.of(jdbc != null, topic, !messages.isEmpty()).filter(one -> one).count();
    if (sources != 1) {
      throw CommandException.usage(
          "expected one of MESSAGE..., --jdbc URL --table TABLE, and --topic TOPIC --bootstrap"
              + " BROKERS");
    }
    if (shown < 1) {
      throw CommandException.usage("--show is %d, expected at least 1".formatted(shown));
    }
    Contract loaded = load();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    String url = jdbc;
    String name = table;
    if (url != null && name != null) {
      MessageStream rows = new MessageStream(loaded.validator(), shown);
      Set<String> required = required(loaded);
      database.rows(
          url,
          name,
          row -> {
            rows.row(name, present(row, required));
            return true;
          });
      return rows.report(List.of(name), format, out);
    }
    if (topic) {
      MessageStream stream = new MessageStream(loaded.validator(), shown);
      topics.read(stream);
      return stream.report(List.of(topics.topic()), format, out);
    }
    if (lines) {
      MessageStream all = new MessageStream(loaded.validator(), shown);
      for (Path message : messages) {
        try (InputStream in = open(message)) {
          all.lines(message.toString(), in);
        } catch (IOException e) {
          throw CommandException.usage(InputFile.unreadable(message, e));
        }
      }
      return all.report(messages.stream().map(Path::toString).toList(), format, out);
    }
    Validator validator = messages.size() >= MANY ? loaded.validator() : loaded.inspector();
    for (Path message : messages) {
      findings.addAll(MessageFindings.of(validator, message.toString(), 1, read(message)));
    }
    FindingReport report =
        new FindingReport(messages.stream().map(Path::toString).toList(), findings);
    report.write(format, out);
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

  private static InputStream open(Path message) throws IOException {
    return message.toString().equals("-") ? System.in : Files.newInputStream(message);
  }

  /** What a row means: NULL is there where the property has to be. */
  private static Json.Obj present(Json.Obj row, Set<String> required) {
    Map<String, Json> members = new LinkedHashMap<>(row.members());
    members
        .entrySet()
        .removeIf(
            member -> member.getValue() == Json.Null.NULL && !required.contains(member.getKey()));
    return new Json.Obj(members);
  }

  private static Set<String> required(Contract contract) {
    Set<String> required = new HashSet<>();
    if (contract.wholeSchema() instanceof Json.Obj schema
        && schema.get("required").orElse(null) instanceof Json.Arr(List<Json> names)) {
      names.forEach(name -> {
        if (name instanceof Json.Str(String text)) {
          required.add(text);
        }
      });
    }
    return required;
  }
}
