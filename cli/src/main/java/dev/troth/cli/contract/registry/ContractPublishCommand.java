package dev.troth.cli.contract.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.command.ServerOptions;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract publish FILE}: the next version in the registry. */
@Command(
    name = "publish",
    description = {
      "Registers a contract as the next version of its registry subject, unless it breaks an"
          + " earlier one.",
      "What is registered is its schema, with the whole contract beside it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 registered, 1 it would break somebody, 2 usage, 3 failure."})
public final class ContractPublishCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ContractReferences references = new ContractReferences();
  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "FILE", description = "A contract, a JSON Schema or an .avsc.")
  private Path file = Path.of("");

  @Option(
      names = "--subject",
      paramLabel = "SUBJECT",
      description = "The registry subject (default: the contract's name and -value).")
  private @Nullable String subject;

  @Option(names = "--test", description = "Only tests whether it could be registered.")
  private boolean test;

  @Override
  public Integer call() {
    Contract contract = load();
    String name = subject == null ? contract.name() + "-value" : subject;
    String path = "/registry/subjects/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    Map<String, Object> body = body(contract);
    ApiClient client = server.client();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    ApiClient.Answer answer =
        test
            ? client.ask(
                path.replace("/registry/", "/registry/compatibility/") + "/versions?verbose=true",
                body)
            : client.ask(path + "/versions", body);
    Said said = answer.as(Said.class);
    boolean refused =
        answer.status() == 409
            || answer.status() == 422
            || (test && answer.status() == 200 && !answer.as(Verdict.class).compatible());
    if (refused) {
      out.printf("%s: %s %s is refused%n", name, contract.name(), contract.version());
      Stream.of(said.message()).filter(Objects::nonNull).forEach(line -> out.println("  " + line));
      said.all().forEach(line -> out.println("  " + line));
      out.flush();
      return ExitCode.FINDINGS;
    }
    if (answer.status() != 200) {
      throw CommandException.failed(
          "%s answers %d: %s".formatted(client.server(), answer.status(), answer.refusal()));
    }
    if (test) {
      out.printf("%s: %s %s is compatible%n", name, contract.name(), contract.version());
    } else {
      int id = answer.as(Registration.class).id();
      out.printf("%s: %s %s is registered, id %d%n", name, contract.name(), contract.version(), id);
    }
    out.flush();
    return ExitCode.OK;
  }

  /** What the registry says to a registration. */
  private record Registration(int id) {}

  /** What it says to a test. */
  private record Verdict(@JsonProperty("is_compatible") boolean compatible) {}

  /** Why it refuses. */
  private record Said(@Nullable String message, @Nullable List<String> messages) {
    public List<String> all() {
      return messages == null ? List.of() : messages;
    }
  }

  private Contract load() {
    try {
      return references.load(file);
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    } catch (ContractException e) {
      throw CommandException.usage("the contract cannot be used:\n" + e.getMessage());
    }
  }

  /** A bare schema is sent alone: the registry counts its versions. */
  private Map<String, Object> body(Contract contract) {
    Map<String, Object> body = new LinkedHashMap<>();
    boolean avro = contract.shape() instanceof Contract.Shape.Avro;
    body.put("schemaType", avro ? "AVRO" : "JSON");
    body.put("schema", JsonWriter.compact(contract.wholeSchema()));
    if (!isBare()) {
      body.put(
          "metadata",
          Map.of("properties", Map.of("troth.contract", JsonWriter.compact(contract.bundle()))));
    }
    return body;
  }

  private boolean isBare() {
    try {
      return references.asked().isEmpty() && references.read(file).bare();
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    }
  }
}
