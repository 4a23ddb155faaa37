package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.gate.config.GateConfig;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import java.nio.file.Path;
import java.util.function.Consumer;

/** {@code gate.yaml}: read as JSON by the reader that all hosts have. */
final class ConfigFile {
  private ConfigFile() {}

  /** The configuration; a command's usage error names what is wrong and where. */
  static GateConfig read(Path file) {
    SourceFile source = source(file);
    GateConfig config = GateConfig.read(JsonWriter.compact(source.json()).getBytes(UTF_8));
    if (!config.problem().isEmpty()) {
      throw CommandException.usage(place(source, config.problem()) + ": " + config.problem());
    }
    return config;
  }

  /** Refuses what can never fit, and tells what could not be looked at. */
  static void check(Path file, Consumer<String> notes) {
    ConfigCheck check = new ConfigCheck(file, read(file));
    check
        .problem()
        .ifPresent(problem -> {
          throw CommandException.usage(place(source(file), problem) + ": " + problem);
        });
    check.notes().forEach(notes);
  }

  /** The JSON form, which the native host reads. */
  static String json(Path file) {
    read(file);
    return JsonWriter.pretty(source(file).json());
  }

  private static SourceFile source(Path file) {
    try {
      return SourceFile.read(file.toString(), InputFile.bytes(file));
    } catch (SourceFile.SyntaxException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  /** {@code issuers[0].keys} at the start of a problem as the line where it stands. */
  private static String place(SourceFile source, String problem) {
    String path = problem.split(" ", 2)[0];
    boolean isPath = path.matches("[A-Za-z]+(\\[\\d+])?(\\.\\S+)?") && !path.equals("the");
    String pointer = isPath ? "/" + path.replace("[", "/").replace("]", "").replace('.', '/') : "";
    return source.place(pointer).toString();
  }
}
