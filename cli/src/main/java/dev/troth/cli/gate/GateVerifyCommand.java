package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.gate.Gate;
import dev.troth.gate.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth gate verify TOKEN}: the verdict on one token. */
@Command(
    name = "verify",
    description = "Says whether a token is genuine, and if not, why.",
    mixinStandardHelpOptions = true)
final class GateVerifyCommand implements Callable<Integer> {
  private static final int MAX_INPUT_BYTES = 1024 * 1024;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private GateOptions options = new GateOptions();

  @Parameters(
      paramLabel = "TOKEN",
      description = "The token; - reads it from standard input, out of the shell's history.")
  private String token = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    InstantSource clock = InstantSource.system();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    GateOptions.Setup setup = options.setup(System.getenv(), clock, err::println);
    Gate gate = new Gate(setup.trusts(), setup.revocations(), Gate.javaEngine(), clock);
    Verdict verdict = gate.check(token.equals("-") ? input() : token);
    print(verdict, requireNonNull(spec).commandLine().getOut());
    return verdict.isValid() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private void print(Verdict verdict, PrintWriter out) {
    switch (format) {
      case TEXT ->
          out.println(
              switch (verdict) {
                case Verdict.Valid(var claims) -> "valid " + claims;
                case Verdict.Refused(var reason) ->
                    "refused " + reason.code() + ": " + reason.wording();
              });
      case JSON ->
          out.println(
              switch (verdict) {
                case Verdict.Valid(var claims) -> "{\"valid\":true,\"claims\":" + claims + "}";
                case Verdict.Refused(var reason) ->
                    "{\"valid\":false,\"error\":\"%s\",\"reason\":\"%s\"}"
                        .formatted(reason.wording(), reason.code());
              });
    }
    out.flush();
  }

  private static String input() throws IOException {
    return new String(System.in.readNBytes(MAX_INPUT_BYTES), US_ASCII).strip();
  }
}
