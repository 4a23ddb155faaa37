package dev.troth.cli.contract.registry;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.OutputFile;
import dev.troth.cli.command.ServerOptions;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
      "Records what it pulls in troth.lock.json; --lock pulls the same again, to the byte."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Exit codes: 0 pulled, 1 the registry has not what the lock says, 2 usage, 3 failure."
    })
public final class ContractPullCommand implements Callable<Integer> {
  private static final Pattern CONSUMER = Pattern.compile("[\\p{L}\\p{N}._:/@-]{1,200}");

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
      names = "--as",
      paramLabel = "CONSUMER",
      description =
          "Says in the registry that this consumer depends on what is pulled, and watches it for"
              + " you: whoever would break it is told so, and you are notified of a raised major.")
  private @Nullable String consumer;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where to write contracts and the lock (default: here).")
  private Path out = Path.of(".");

  /**
   * @param left rules of its rule set that are not run
   */
  private record Pulled(
      String name, String bundle, PulledContracts.Entry entry, List<String> left) {}

  @Override
  public Integer call() {
    requireConsumer();
    PulledContracts lock = PulledContracts.read(out.resolve("troth.lock.json"));
    if (locked && !Files.exists(lock.file())) {
      throw CommandException.usage(
          "%s does not exist: pull once without --lock, which writes it".formatted(lock.file()));
    }
    List<String> names = new ArrayList<>();
    subjects.forEach(subject -> names.add(PublishedContracts.subject(subject)));
    if (names.isEmpty()) {
      if (!locked) {
        throw CommandException.usage("expected SUBJECT..., or --lock");
      }
      names.addAll(lock.entries().keySet());
    }
    PublishedContracts registry = new PublishedContracts(server.client());
    PrintWriter console = requireNonNull(spec).commandLine().getOut();
    Map<String, Pulled> taken = new LinkedHashMap<>();
    Map<Path, String> files = new LinkedHashMap<>();
    int exit = ExitCode.OK;
    for (String subject : names) {
      Optional<PulledContracts.Entry> wanted =
          locked ? Optional.of(known(lock, subject)) : Optional.empty();
      String version = wanted.map(entry -> String.valueOf(entry.version())).orElse("latest");
      Pulled pulled = pull(registry, subject, version);
      if (wanted.isPresent() && !pulled.entry().equals(wanted.get())) {
        console.printf(
            "%s: version %s is not what the lock says: sha256 is %s, expected %s%n",
            subject, version, pulled.entry().sha256(), wanted.get().sha256());
        exit = ExitCode.FINDINGS;
        continue;
      }
      String other = files.putIfAbsent(file(pulled), subject);
      if (other != null && !other.equals(subject)) {
        throw CommandException.usage(
            "%s and %s would both be %s: pull them with an --out each"
                .formatted(other, subject, file(pulled)));
      }
      taken.put(subject, pulled);
    }
    taken.forEach((subject, pulled) -> {
      write(file(pulled), pulled.bundle() + "\n");
      lock.entries().put(subject, pulled.entry());
      console.printf("%s: version %d in %s%n", subject, pulled.entry().version(), file(pulled));
      pulled.left().forEach(rule -> console.printf("%s: %s%n", subject, rule));
    });
    if (!locked) {
      lock.write();
    }
    String reader = consumer;
    if (reader != null) {
      taken.forEach((subject, pulled) -> {
        registry.depend(reader, subject, pulled.entry().version());
        console.printf("%s: %s depends on it, and watches it%n", subject, reader);
      });
    }
    console.flush();
    return exit;
  }

  private Path file(Pulled pulled) {
    return out.resolve(pulled.name() + ".contract.json");
  }

  /** Before anything is written. */
  private void requireConsumer() {
    if (consumer != null && !CONSUMER.matcher(consumer).matches()) {
      throw CommandException.usage(
          "--as is '%s', expected 1 to 200 letters, digits and . _ : / @ -".formatted(consumer));
    }
  }

  private static PulledContracts.Entry known(PulledContracts lock, String subject) {
    PulledContracts.Entry known = lock.entries().get(subject);
    if (known == null) {
      throw CommandException.usage(
          "%s is not in %s: pull it once without --lock".formatted(subject, lock.file()));
    }
    return known;
  }

  private static Pulled pull(PublishedContracts registry, String subject, String version) {
    PublishedContracts.Published found = registry.version(subject, version);
    String bundle = JsonWriter.pretty(found.whole().bundle());
    return new Pulled(
        found.contract().name(),
        bundle,
        new PulledContracts.Entry(found.version(), found.id(), PulledContracts.sha256(bundle)),
        found.rules().left());
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(requireNonNull(file.toAbsolutePath().getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw OutputFile.unwritable(file, e);
    }
  }
}
