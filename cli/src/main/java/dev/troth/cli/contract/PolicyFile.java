package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.contracts.policy.Policy;
import dev.troth.contracts.policy.PolicyReader;
import dev.troth.json.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where severities and waivers are kept: the part {@code contracts} of {@code troth.yaml}. */
final class PolicyFile {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Where severities and waivers of findings are (default: troth.yaml here, if there is"
              + " one).")
  private @Nullable Path file;

  Policy policy() {
    Path named = file;
    Path usual = Path.of("troth.yaml");
    if (named == null && !Files.exists(usual)) {
      return Policy.NONE;
    }
    Path path = named == null ? usual : named;
    try {
      PolicyReader reader =
          new PolicyReader(SourceFile.read(path.toString(), Files.readAllBytes(path)));
      Policy policy = reader.read();
      if (!reader.problems().isEmpty()) {
        throw CommandException.usage(
            reader.problems().stream()
                .map(problem -> problem.place() + ": " + problem.message())
                .collect(Collectors.joining(System.lineSeparator())));
      }
      return policy;
    } catch (SourceFile.SyntaxException e) {
      throw CommandException.usage(e.place() + ": " + e.reason());
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(path, e));
    }
  }
}
