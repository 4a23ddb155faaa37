package dev.troth.cli.platform;

import dev.troth.cli.command.CommandException;
import dev.troth.server.config.Config;
import dev.troth.server.config.ConfigErrors;
import dev.troth.server.config.Inputs;
import dev.troth.server.config.Key;
import dev.troth.server.config.Keys;
import dev.troth.server.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option for each key of the platform's configuration, and {@code --config} for its file. */
final class ConfigOptions {
  private static final String FILE = "--config";
  private static final String PORT = "--port";
  private static final String COLLECTOR = "--collector";

  private final CommandSpec command;

  /** Adds the options to a command. */
  ConfigOptions(CommandSpec command) {
    this.command = command;
    command.addOption(
        OptionSpec.builder(FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description("The configuration file (default: troth.yaml here, if there is one).")
            .build());
    command.addOption(
        OptionSpec.builder(PORT)
            .paramLabel("PORT")
            .type(String.class)
            .description("Short for --http-listen 127.0.0.1:PORT; 0 takes a free one.")
            .build());
    command.addOption(
        OptionSpec.builder(COLLECTOR)
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "A configuration of the OpenTelemetry Collector in whose place the platform stands:"
                    + " sets --otlp-http, --otlp-grpc and --otlp-forward where they are not given.")
            .build());
    for (Key<?> key : Keys.all()) {
      command.addOption(
          OptionSpec.builder(key.flag())
              .paramLabel(
                  key.flag().substring(key.flag().lastIndexOf('-') + 1).toUpperCase(Locale.ROOT))
              .type(String.class)
              .description(
                  key.meaning()
                      + (key.fallback().isEmpty() ? "" : " (default: " + key.fallback() + ")"))
              .build());
    }
  }

  /** The merged settings, each with its source. */
  Settings settings() {
    try {
      return Settings.load(Keys.all(), inputs());
    } catch (ConfigErrors e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  /** The configuration; everything that is wrong with it ends the command. */
  Config config() {
    try {
      return Config.of(settings());
    } catch (ConfigErrors e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private Inputs inputs() {
    Map<String, String> flags = new HashMap<>();
    Path collector = command.findOption(COLLECTOR).getValue();
    if (collector != null) {
      CollectorFile.Reading reading = CollectorFile.read(collector);
      flags.putAll(reading.settings());
      reading.notes().forEach(note -> command.commandLine().getErr().println("note: " + note));
      command.commandLine().getErr().flush();
    }
    String port = command.findOption(PORT).getValue();
    if (port != null) {
      flags.put("http.listen", port);
    }
    for (Key<?> key : Keys.all()) {
      String value = command.findOption(key.flag()).getValue();
      if (value != null) {
        flags.put(key.name(), value);
      }
    }
    Path file = command.findOption(FILE).getValue();
    return new Inputs(flags, System.getenv(), Optional.ofNullable(file), Path.of(""));
  }
}
