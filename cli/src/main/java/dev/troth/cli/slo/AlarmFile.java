package dev.troth.cli.slo;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.rules.RefusedRulesException;
import dev.troth.slo.rules.RuleFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file whose alarms can be replayed, known by its content. */
sealed interface AlarmFile {
  Path path();

  /** Alarms of CloudFormation, over minutes of metrics. */
  record Alarms(Path path, Template template) implements AlarmFile {}

  /** Rules of Prometheus, over samples. */
  record Rules(Path path, RuleFile rules) implements AlarmFile {}

  /** Objectives, over counts. */
  record Objectives(Path path) implements AlarmFile {}

  /** The template in it; empty if it is another kind of file. */
  default List<Template> templates() {
    return switch (this) {
      case Alarms(Path _, Template template) -> List.of(template);
      case Rules _, Objectives _ -> List.of();
    };
  }

  /** The same with what a deployment gives to the template. */
  default AlarmFile with(Map<String, String> given) {
    return switch (this) {
      case Alarms(Path path, Template template) -> {
        try {
          yield new Alarms(path, template.with(given));
        } catch (IllegalArgumentException unknown) {
          throw CommandException.usage(path + " " + unknown.getMessage());
        }
      }
      case Rules _, Objectives _ -> this;
    };
  }

  static AlarmFile read(Path path) {
    String text = InputFile.text(path);
    try {
      Optional<RuleFile> rules = RuleFile.in(Template.documents(path.toString(), text).read());
      if (rules.isPresent()) {
        return new Rules(path, rules.get());
      }
    } catch (RefusedRulesException refused) {
      throw CommandException.usage(shown(refused.reasons()));
    }
    return Template.in(path.toString(), text)
        .<AlarmFile>map(template -> new Alarms(path, template))
        .orElseGet(() -> new Objectives(path));
  }

  private static String shown(List<String> reasons) {
    int most = 10;
    String first = String.join("\n", reasons.subList(0, Math.min(most, reasons.size())));
    return reasons.size() > most
        ? "%s%nand %d more".formatted(first, reasons.size() - most)
        : first;
  }
}
