package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.command.OutputFile;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingPlaces;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.contracts.generate.SourceText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract generate}: types for a contract's messages. */
@Command(
    name = "generate",
    description = "Writes types for a contract's messages, with all its checks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ContractGenerateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ContractReferences references = new ContractReferences();

  @Parameters(paramLabel = "FILE", description = "A contract in YAML or JSON.")
  private Path file = Path.of("");

  @Option(
      names = "--lang",
      paramLabel = "LANGUAGE",
      required = true,
      description = "${COMPLETION-CANDIDATES}, in any case.")
  private Language language = Language.JAVA;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where to write; the folder is made if it is missing.")
  private Path out = Path.of("");

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description = "The package of the types (default: the contract's name).")
  private @Nullable String packageName;

  @Option(
      names = "--formats",
      paramLabel = "KIND",
      description =
          "What a text of a format becomes: native, a type of the language where it has one "
              + "(default); or text, kept as it was written.")
  private Generator.Formatted formats = Generator.Formatted.NATIVE;

  @Option(
      names = "--jackson",
      description = "Java: annotate the types, so that Jackson reads and writes them.")
  private boolean jackson;

  @Option(
      names = "--pydantic",
      description = "Python: let the types be fields of pydantic's models.")
  private boolean pydantic;

  @Override
  public Integer call() {
    if (jackson && language != Language.JAVA) {
      throw CommandException.usage("--jackson is for Java, but --lang is %s".formatted(language));
    }
    if (pydantic && language != Language.PYTHON) {
      throw CommandException.usage(
          "--pydantic is for Python, but --lang is %s".formatted(language));
    }
    Generator.Result result;
    try {
      Contract contract = references.load(file);
      result =
          Generator.generate(
              contract,
              language,
              new Generator.Options(packageName(contract), formats, jackson, pydantic));
    } catch (ContractException e) {
      return refused(e.findings());
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    }
    if (result.files().isEmpty()) {
      return refused(result.findings());
    }
    result.files().forEach(this::refuseForeign);
    PrintWriter console = requireNonNull(spec).commandLine().getOut();
    for (SourceText source : result.files()) {
      Path target = out.resolve(source.path());
      write(target, source.text());
      console.println(target);
    }
    console.flush();
    if (!result.findings().isEmpty()) {
      // What the code does not check is told, and fails nothing.
      refused(result.findings());
    }
    return ExitCode.OK;
  }

  private String packageName(Contract contract) {
    String name = packageName;
    if (name == null) {
      name = contract.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
      name = Character.isDigit(name.charAt(0)) ? "x" + name : name;
    }
    if (!language.isPackage(name)) {
      throw CommandException.usage(
          "--package is '%s', expected the name of a package in %s".formatted(name, language));
    }
    return name;
  }

  private int refused(List<Finding> findings) {
    FindingReport report =
        new FindingReport(List.of(file.toString()), new FindingPlaces(file).of(findings));
    report.write(FindingFormat.TEXT, requireNonNull(spec).commandLine().getOut());
    return report.exitCode();
  }

  /** Files that somebody wrote by hand are never overwritten. */
  private void refuseForeign(SourceText source) {
    Path target = out.resolve(source.path());
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<String> lines = Files.lines(target)) {
      if (!lines.findFirst().orElse("").endsWith(SourceText.MARKER)) {
        throw CommandException.usage(
            "%s exists and was not generated: its first line does not end with '%s'"
                .formatted(target, SourceText.MARKER));
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw CommandException.usage(target + " exists and cannot be read, so it is not overwritten");
    }
  }

  private static void write(Path target, String text) {
    try {
      Files.createDirectories(requireNonNull(target.toAbsolutePath().getParent()));
      Files.writeString(target, text);
    } catch (IOException e) {
      throw OutputFile.unwritable(target, e);
    }
  }
}
