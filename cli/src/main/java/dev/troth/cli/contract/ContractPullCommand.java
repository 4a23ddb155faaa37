package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Version;
import dev.troth.contracts.schema.Documents;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract pull SUBJECT...}: approved contracts for a consumer. */
@Command(
    name = "pull",
    description = {
      "Writes approved contracts as JSON bundles, which the library reads without any other file.",
      "What was pulled is kept in troth.lock.json; with --lock that is pulled again, to the byte."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Exit codes: 0 pulled, 1 the registry has not what the lock says, 2 usage, 3 failure."
    })
final class ContractPullCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "SUBJECT",
      description =
          "Contracts or registry subjects; a name without -value or -key means NAME-value (with"
              + " --lock: all of the lock).")
  private List<String> subjects = List.of();

  @Option(names = "--lock", description = "Pulls the versions of troth.lock.json, not the latest.")
  private boolean locked;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where to write contracts and the lock (default: here).")
  private Path out = Path.of(".");

  /** A version as the registry answers it; without a type it is Avro. */
  private record Registered(
      int id,
      int version,
      String schema,
      @Nullable String schemaType,
      @Nullable List<Object> references,
      @Nullable Metadata metadata) {
    private record Metadata(@Nullable Map<String, String> properties) {}

    /** The whole contract, if it was registered beside its schema; else empty. */
    String contract() {
      return metadata == null || metadata.properties() == null
          ? ""
          : metadata.properties().getOrDefault("troth.contract", "");
    }
  }

  private record Pulled(String name, String bundle, PulledContracts.Entry entry) {}

  @Override
  public Integer call() {
    PulledContracts lock = PulledContracts.read(out.resolve("troth.lock.json"));
    List<String> names = new ArrayList<>();
    subjects.forEach(subject -> names.add(full(subject)));
    if (names.isEmpty()) {
      if (!locked) {
        throw CommandException.usage("expected SUBJECT..., or --lock");
      }
      names.addAll(lock.entries().keySet());
    }
    ApiClient client = server.client();
    PrintWriter console = requireNonNull(spec).commandLine().getOut();
    int exit = ExitCode.OK;
    for (String subject : names) {
      Optional<PulledContracts.Entry> wanted =
          locked ? Optional.of(known(lock, subject)) : Optional.empty();
      String version = wanted.map(entry -> String.valueOf(entry.version())).orElse("latest");
      Pulled pulled = pull(client, subject, version);
      if (wanted.isPresent() && !pulled.entry().equals(wanted.get())) {
        console.printf(
            "%s: version %s is not what the lock says: sha256 is %s, expected %s%n",
            subject, version, pulled.entry().sha256(), wanted.get().sha256());
        exit = ExitCode.FINDINGS;
        continue;
      }
      Path file = out.resolve(pulled.name() + ".contract.json");
      write(file, pulled.bundle() + "\n");
      lock.entries().put(subject, pulled.entry());
      console.printf("%s: version %d in %s%n", subject, pulled.entry().version(), file);
    }
    if (!locked) {
      lock.write();
    }
    console.flush();
    return exit;
  }

  private static PulledContracts.Entry known(PulledContracts lock, String subject) {
    PulledContracts.Entry known = lock.entries().get(subject);
    if (known == null) {
      throw CommandException.usage(
          "%s is not in %s: pull it once without --lock".formatted(subject, lock.file()));
    }
    return known;
  }

  private static String full(String subject) {
    return subject.endsWith("-value") || subject.endsWith("-key") ? subject : subject + "-value";
  }

  private static Pulled pull(ApiClient client, String subject, String version) {
    Registered found =
        client
            .get(
                "/registry/subjects/%s/versions/%s"
                    .formatted(URLEncoder.encode(subject, StandardCharsets.UTF_8), version))
            .as(Registered.class);
    String text = found.contract();
    Contract contract;
    try {
      contract =
          text.isEmpty()
              ? bare(subject, found)
              : Contract.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (ContractException e) {
      throw CommandException.failed(
          "%s has a contract that cannot be used: %s".formatted(subject, e.getMessage()));
    }
    String bundle = JsonWriter.pretty(contract.bundle());
    return new Pulled(
        contract.name(),
        bundle,
        new PulledContracts.Entry(found.version(), found.id(), PulledContracts.sha256(bundle)));
  }

  /** A schema that others registered is a contract of the subject's name. */
  private static Contract bare(String subject, Registered found) {
    if (found.references() != null && !found.references().isEmpty()) {
      throw CommandException.failed(
          "%s refers to other subjects, so it is no bundle".formatted(subject));
    }
    boolean json = "JSON".equals(found.schemaType());
    String name = subject.replaceFirst("-(value|key)$", "");
    byte[] bytes = found.schema().getBytes(StandardCharsets.UTF_8);
    String file = name + (json ? ".json" : ".avsc");
    return ContractFile.of(file, bytes, "troth:/" + file, Documents.NONE)
        .at(new Version(1, found.version() - 1, 0, ""))
        .contract();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(requireNonNull(file.toAbsolutePath().getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw CommandException.failed("%s cannot be written: %s".formatted(file, e));
    }
  }
}
