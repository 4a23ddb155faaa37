package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.gate.rehearse.Rehearsal;
import dev.troth.cli.gate.rehearse.RehearsalReport;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.json.JsonWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth gate rehearse}: who would be refused by other keys and rules. */
@Command(
    name = "rehearse",
    description = {
      "Judges what gate run --record has recorded by other keys and rules, and names every caller",
      "who is accepted now and would be refused then (exit code 1), and who the other way round."
    },
    mixinStandardHelpOptions = true)
final class GateRehearseCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private GateOptions options = new GateOptions();

  @Option(
      names = "--recorded",
      paramLabel = "FILE",
      required = true,
      description = "What gate run --record FILE has written.")
  private Path recorded = Path.of("");

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = {
        "When all are judged, such as 2026-12-01T00:00:00Z: what has expired by then is refused",
        "(default: each token at the time it was seen last)."
      })
  private @Nullable String at;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Override
  public Integer call() {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    Optional<Instant> time = time();
    GateOptions.Setup setup =
        options.setup(
            System.getenv(), InstantSource.system(), problem -> err.println("gate: " + problem));
    PathRules rules = setup.service().map(ServiceSettings::rules).orElse(PathRules.NONE);
    RehearsalReport report =
        new Rehearsal(setup.trusts(), setup.revocations(), rules, time).of(recorded);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    switch (format) {
      case TEXT -> out.print(report.text());
      case JSON -> out.println(JsonWriter.pretty(report.json()).stripTrailing());
    }
    out.flush();
    if (report.isOfNobody()) {
      throw CommandException.usage(
          "%s has no caller, so nothing is known of these keys and rules; expected a recording of requests"
              .formatted(recorded));
    }
    return report.refusesSomebody() ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private Optional<Instant> time() {
    String given = at;
    if (given == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(given));
    } catch (DateTimeException e) {
      throw CommandException.usage(
          "--at is '%s', expected a time such as 2026-12-01T00:00:00Z".formatted(given));
    }
  }
}
