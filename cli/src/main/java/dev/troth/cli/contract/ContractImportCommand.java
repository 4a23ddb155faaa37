package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.contracts.exchange.OdcsImport;
import dev.troth.contracts.exchange.OpenApiImport;
import dev.troth.contracts.table.Table;
import dev.troth.contracts.table.TableImport;
import dev.troth.json.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract import}: a contract from something else. */
@Command(
    name = "import",
    description = "Makes a contract from another form.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "FORM")
final class ContractImportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine self = requireNonNull(spec).commandLine();
    self.usage(self.getErr());
    return ExitCode.USAGE;
  }

  @Command(
      description = {
        "Reads an Open Data Contract Standard v3 document.",
        "What a contract does not know is kept under x-odcs and written back by export."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int odcs(
      @Parameters(paramLabel = "FILE", description = "A document in YAML or JSON.") Path file,
      @Option(
              names = "--schema",
              paramLabel = "NAME",
              description = "The object of its schema, if it has several.")
          @Nullable String object,
      @Mixin ContractOutput output) {
    SourceFile source = read(file);
    return output.writeContract(
        requireNonNull(spec), file, OdcsImport.of(source, Optional.ofNullable(object)));
  }

  @Command(
      description = {
        "Makes a contract of a schema in an OpenAPI 3.0 or 3.1 document.",
        "Schemas that it refers to come along as $defs."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int openapi(
      @Parameters(paramLabel = "FILE", description = "A document in YAML or JSON.") Path file,
      @Option(
              names = "--schema",
              paramLabel = "NAME",
              description = "A schema under components/schemas.")
          @Nullable String schema,
      @Option(
              names = "--operation",
              paramLabel = "ID",
              description = "The request body of the operation with that operationId.")
          @Nullable String operation,
      @Option(
              names = "--response",
              paramLabel = "STATUS",
              description = "With --operation: what it answers with that status instead.")
          @Nullable String response,
      @Mixin ContractOutput output) {
    OpenApiImport.Wanted wanted = wanted(schema, operation, response);
    SourceFile source = read(file);
    return output.writeContract(requireNonNull(spec), file, OpenApiImport.of(source, wanted));
  }

  @Command(
      description = {
        "Makes a contract of a table: a message is a row.",
        "Databases: jdbc:sqlite:FILE and jdbc:postgresql://HOST/DATABASE."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int table(
      @Parameters(paramLabel = "JDBC_URL", description = "The database.") String url,
      @Parameters(
              paramLabel = "TABLE",
              description = "A table or view, in PostgreSQL perhaps with its schema: sales.orders.")
          String name,
      @Option(names = "--owner", paramLabel = "NAME", description = "Who answers for the contract.")
          @Nullable String owner,
      @Mixin DatabaseOptions database,
      @Mixin ContractOutput output) {
    Table table =
        database
            .table(url, name)
            .orElseThrow(() -> CommandException.usage("there is no table '%s'".formatted(name)));
    return output.writeContract(
        requireNonNull(spec), Path.of(name), TableImport.of(table, Optional.ofNullable(owner)));
  }

  private static OpenApiImport.Wanted wanted(
      @Nullable String schema, @Nullable String operation, @Nullable String response) {
    if (schema != null && operation != null) {
      throw CommandException.usage("expected --schema or --operation, not both");
    }
    if (response != null && operation == null) {
      throw CommandException.usage("--response needs --operation");
    }
    if (operation != null) {
      return response == null
          ? new OpenApiImport.Wanted.Request(operation)
          : new OpenApiImport.Wanted.Response(operation, response);
    }
    return schema == null
        ? new OpenApiImport.Wanted.Only()
        : new OpenApiImport.Wanted.Component(schema);
  }

  private static SourceFile read(Path file) {
    try {
      return SourceFile.read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    } catch (SourceFile.SyntaxException e) {
      throw CommandException.usage(e.place() + ": " + e.reason());
    }
  }
}
