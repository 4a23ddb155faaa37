package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.bowtie.CompatibilityBatch;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.command.ServerOptions;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.contract.registry.PublishedContracts;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.compatibility.Layer;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.contracts.generate.Language;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract check}: does the new version break anybody? */
@Command(
    name = "check",
    description =
        "Proves that a new version of a contract breaks nobody, or shows a document that it"
            + " breaks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractCheckCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ContractReferences references = new ContractReferences();
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  @Mixin private ServerOptions server = new ServerOptions();

  @Mixin private PolicyFile policies = new PolicyFile();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Contracts in YAML or JSON; of a folder, every *.contract.yaml and .json.")
  private List<Path> files = List.of();

  @Option(
      names = "--against",
      paramLabel = "WHAT",
      description =
          "The earlier versions: a file, a folder, a git revision such as origin/main with its"
              + " history, or what is published: registry (of --server), or a platform's address"
              + " such as http://127.0.0.1:4000; or with --table a live database: jdbc:sqlite:FILE,"
              + " jdbc:postgresql://HOST/DATABASE.")
  private @Nullable String against;

  @Option(
      names = "--staged",
      description =
          "Judges what git would commit instead of the files: all contracts of the index, or those"
              + " named (default: --against HEAD).")
  private boolean staged;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Finds where this table is not what the contract says.")
  private @Nullable String table;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "FULL",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Mode mode = Mode.FULL;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      defaultValue = "EVOLUTION",
      description =
          "EVOLUTION: a property that the writer does not declare counts as absent; STRICT: every"
              + " valid document counts; CONFLUENT: what Confluent Schema Registry answers by its"
              + " rules (default: ${DEFAULT-VALUE}).")
  private Layer layer = Layer.EVOLUTION;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FindingFormat format = FindingFormat.TEXT;

  @Option(
      names = "--emit-test",
      paramLabel = "LANGUAGE",
      description =
          "Writes a test for each document that breaks, with the generated types that refuse it:"
              + " ${COMPLETION-CANDIDATES}.")
  private @Nullable Language emitted;

  @Option(
      names = "--test-out",
      paramLabel = "DIR",
      description = "Where --emit-test writes; a package for each version that refuses.")
  private @Nullable Path testsOut;

  @Option(
      names = "--for",
      paramLabel = "CONSUMER",
      description =
          "Compares with the version alone that this consumer said it reads ('contract pull --as');"
              + " with a registry.")
  private @Nullable String consumer;

  @Option(
      names = "--batch",
      paramLabel = "PAIRS",
      description =
          "Judges pairs of schemas instead, one JSON object a line (- for standard input): id, old,"
              + " new, mode, layer, perhaps draft; answers one JSON object a line.")
  private @Nullable String batch;

  @Override
  public Integer call() throws IOException {
    String pairs = batch;
    if (pairs != null) {
      return batch(pairs);
    }
    String what = against;
    if (staged && what == null) {
      what = CompatibilityCheck.LAST_COMMIT;
    }
    if (what == null || (files.isEmpty() && !staged)) {
      throw CommandException.usage(
          "expected FILE... --against WHAT, --staged, or --batch PAIRS;"
              + " see 'troth contract check --help'");
    }
    if (what.startsWith("jdbc:") || table != null) {
      return new ContractDrift(files, references, database)
          .report(what, table)
          .write(format, requireNonNull(spec));
    }
    if (consumer != null && published(what).isEmpty()) {
      throw CommandException.usage(
          "--for is for a registry, but --against is '%s'".formatted(what));
    }
    CompatibilityCheck check =
        new CompatibilityCheck(
            mode,
            layer,
            policies.policy(),
            new CompatibilityCheck.Sources(
                references, published(what), Optional.ofNullable(consumer)),
            tests(),
            format == FindingFormat.TEXT);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    FindingReport report = check.report(files, staged, what, out);
    report.write(format, out);
    return report.exitCode();
  }

  private Optional<EmittedTests> tests() {
    Language language = emitted;
    Path folder = testsOut;
    if ((language == null) != (folder == null)) {
      throw CommandException.usage("expected --emit-test LANGUAGE and --test-out DIR together");
    }
    return language == null || folder == null
        ? Optional.empty()
        : Optional.of(new EmittedTests(language, folder));
  }

  /** The registry that the earlier versions are asked of, if they are. */
  private Optional<PublishedContracts> published(String what) {
    if (what.equals("registry")) {
      return Optional.of(new PublishedContracts(server.client()));
    }
    return what.startsWith("http://") || what.startsWith("https://")
        ? Optional.of(new PublishedContracts(server.clientOf(what)))
        : Optional.empty();
  }

  private int batch(String pairs) throws IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    CompatibilityBatch judge = new CompatibilityBatch(mode, layer);
    int exit = ExitCode.OK;
    int number = 0;
    try (BufferedReader lines = new BufferedReader(open(pairs))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        CompatibilityBatch.Reply reply;
        try {
          reply = judge.answer(line);
        } catch (IllegalArgumentException wrong) {
          out.flush();
          throw CommandException.usage("%s:%d: %s".formatted(pairs, number, wrong.getMessage()));
        }
        out.println(reply.line());
        if (reply.outcome() != Judgement.Outcome.PROVED) {
          exit = ExitCode.FINDINGS;
        }
      }
    }
    out.flush();
    return exit;
  }

  private static Reader open(String pairs) {
    try {
      return pairs.equals("-")
          ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
          : Files.newBufferedReader(Path.of(pairs));
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(Path.of(pairs), e));
    }
  }
}
