package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.file.SlothImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth slo import}: objectives of other tools as OpenSLO files. */
@Command(
    name = "import",
    description = "Takes over objectives of other tools.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SloImportCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a sub-command is missing: sloth");
  }

  @Command(
      description = {
        "Writes files of Sloth as OpenSLO v1 over Prometheus: its prometheus/v1, its Kubernetes",
        "resource, and the OpenSLO v1alpha that it reads. What has no counterpart is named; exit",
        "code 1 if an objective could not be taken over."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int sloth(
      @Parameters(paramLabel = "FILE", description = "A file of Sloth.") Path file,
      @Option(
              names = {"--file", "-o", "--out"},
              paramLabel = "OUT",
              description = "Where to write (default: standard output).")
          @Nullable Path out) {
    SlothImport.Imported imported = SlothImport.read(file.toString(), InputFile.text(file));
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    imported.notes().forEach(note -> err.println("note: " + note));
    imported.refused().forEach(refused -> err.println("not imported: " + refused));
    err.flush();
    String text =
        imported.documents().stream().map(YamlWriter::write).collect(Collectors.joining("---\n"));
    if (!text.isEmpty()) {
      write(text, out);
    }
    return imported.refused().isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private void write(String text, @Nullable Path out) {
    if (out == null) {
      PrintWriter console = requireNonNull(spec).commandLine().getOut();
      console.print(text);
      console.flush();
      return;
    }
    try {
      Files.writeString(out, text);
    } catch (IOException unwritable) {
      throw CommandException.failed("%s cannot be written: %s".formatted(out, unwritable));
    }
  }
}
