package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import dev.troth.gate.keys.GateKey;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code troth gate keys}: which keys there are and what each is bound to; never a secret. */
@Command(
    name = "keys",
    description = "Lists the keys and the algorithms they are bound to.",
    mixinStandardHelpOptions = true,
    subcommands = GateKeysSyncCommand.class)
final class GateKeysCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private GateOptions options = new GateOptions();

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    GateOptions.Setup setup = options.setup(System.getenv(), InstantSource.system(), err::println);
    for (GateKey key : keys(setup)) {
      out.printf(
          "%-32s %-8s %s%n",
          key.id().isEmpty() ? "(no kid)" : key.id(),
          switch (key) {
            case GateKey.Secret secret -> secret.secret().length * 8 + " bits";
            case GateKey.Public shared -> shared.key().getAlgorithm();
          },
          key.algorithms());
    }
    out.flush();
    return ExitCode.OK;
  }

  private static List<GateKey> keys(GateOptions.Setup setup) {
    return setup.trusts().stream()
        .flatMap(trust -> trust.keys().keyring().keys().stream())
        .toList();
  }
}
