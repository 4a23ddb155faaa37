package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.difference.ContractDifferences;
import dev.troth.contracts.difference.Difference;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract diff OLD NEW}: what changed? */
@Command(
    name = "diff",
    description = {
      "Says what changed between two versions of a contract, property by property.",
      "'troth contract check' proves whom it breaks."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 no difference, 1 differences, 2 usage, 3 the tool itself failed."})
final class ContractDiffCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ContractReferences references = new ContractReferences();

  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description = "A file, a folder with the contract of that name, or a git revision.")
  private String old = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "The contract as it is now.")
  private Path file = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    Pair pair = pair();
    Contract next = pair.next();
    Contract before = pair.before();
    List<Difference> differences = ContractDifferences.of(before, next);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    switch (format) {
      case TEXT -> text(out, before, next, differences);
      case JSON -> out.println(JsonWriter.pretty(json(before, next, differences)));
    }
    out.flush();
    return differences.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private record Pair(Contract before, Contract next) {}

  private Pair pair() throws IOException {
    ContractFile read = next();
    Path parent = file.toAbsolutePath().getParent();
    try (EarlierVersions earlier =
        EarlierVersions.of(old, references, parent == null ? file : parent)) {
      List<Contract> found = earlier.of(read, file, false).contracts();
      // In git the history may come along; the latest is what OLD means.
      boolean one = found.size() == 1 || (earlier instanceof EarlierCommits && !found.isEmpty());
      if (!one) {
        throw CommandException.usage(
            "OLD is '%s', expected one contract %s there, found %d"
                .formatted(old, read.name().orElse(""), found.size()));
      }
      return new Pair(found.getLast(), BareVersions.following(read, found, references.asked()));
    }
  }

  private ContractFile next() {
    try {
      ContractFile read = references.read(file);
      read.contract();
      return read;
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    } catch (ContractException e) {
      throw CommandException.usage("the contract cannot be used:\n" + e.getMessage());
    }
  }

  private static void text(
      PrintWriter out, Contract before, Contract next, List<Difference> differences) {
    out.printf("%s %s → %s%n", next.name(), before.version(), next.version());
    differences.forEach(difference -> out.println("  " + difference));
    int count = differences.size();
    out.println(count + (count == 1 ? " difference" : " differences"));
  }

  private static Json json(Contract before, Contract next, List<Difference> differences) {
    return new JsonMembers()
        .put("old", identity(before))
        .put("new", identity(next))
        .put(
            "differences",
            new Json.Arr(differences.stream().map(ContractDiffCommand::json).toList()))
        .json();
  }

  private static Json identity(Contract contract) {
    return new JsonMembers()
        .text("contract", contract.name())
        .text("version", contract.version().toString())
        .json();
  }

  private static Json json(Difference difference) {
    return new JsonMembers()
        .text("kind", difference.kind().name().toLowerCase(Locale.ROOT))
        .text("subject", difference.subject())
        .text("words", difference.words())
        .text("pointer", difference.pointer())
        .put("before", difference.before())
        .put("after", difference.after())
        .json();
  }
}
