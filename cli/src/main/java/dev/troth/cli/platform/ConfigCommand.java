package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.server.config.Config;
import dev.troth.server.config.ConfigErrors;
import dev.troth.server.config.Setting;
import dev.troth.server.config.Settings;
import dev.troth.server.http.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth config}: what the platform would run with. */
@Command(
    name = "config",
    description = "Shows the platform's configuration.",
    mixinStandardHelpOptions = true,
    subcommands = ConfigCommand.Print.class)
public final class ConfigCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    spec().commandLine().usage(spec().commandLine().getErr());
    return ExitCode.USAGE;
  }

  private CommandSpec spec() {
    return requireNonNull(spec);
  }

  /** {@code troth config print}: each value and who set it; secrets are masked. */
  @Command(
      name = "print",
      description = "Prints each setting, its value and where it was given.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Print implements Callable<Integer> {
    private @Nullable CommandSpec spec;
    private @Nullable ConfigOptions options;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        description = "text or json (default: ${DEFAULT-VALUE}).",
        defaultValue = "text")
    private Format format = Format.TEXT;

    @Spec
    void setSpec(CommandSpec spec) {
      this.spec = spec;
      this.options = new ConfigOptions(spec);
    }

    @Override
    public Integer call() {
      Settings settings = requireNonNull(options).settings();
      try {
        Config.of(settings);
      } catch (ConfigErrors e) {
        throw CommandException.usage(String.valueOf(e.getMessage()));
      }
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      switch (format) {
        case TEXT -> printText(settings.all(), out);
        case JSON -> out.println(Json.mapper().writeValueAsString(json(settings.all())));
      }
      out.flush();
      return ExitCode.OK;
    }

    private static void printText(List<Setting<?>> settings, PrintWriter out) {
      int name = settings.stream().mapToInt(s -> s.key().name().length()).max().orElse(0);
      int value = settings.stream().mapToInt(s -> s.shown().length()).max().orElse(0);
      for (Setting<?> setting : settings) {
        out.printf(
            "%-" + name + "s  %-" + value + "s  %s%n",
            setting.key().name(),
            setting.shown(),
            setting.source());
      }
    }

    private static Map<String, Object> json(List<Setting<?>> settings) {
      Map<String, Object> shown = new LinkedHashMap<>();
      for (Setting<?> setting : settings) {
        shown.put(
            setting.key().name(), Map.of("value", setting.shown(), "source", setting.source()));
      }
      return shown;
    }
  }
}
