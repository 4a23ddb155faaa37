package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.JwkWriter;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.PublicKeySet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth gate keys sync}: keeps a key file that the native host reads. */
@Command(
    name = "sync",
    description = {
      "Fetches the keys of --jwks-url or --oidc-issuer into a file, replaced in one step;",
      "the native host, which has no TLS, reads it when it changes."
    },
    mixinStandardHelpOptions = true)
final class GateKeysSyncCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private GateOptions options = new GateOptions();

  @Option(names = "--to", required = true, paramLabel = "FILE", description = "The file.")
  private Path to = Path.of("");

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "How often to fetch again (default: once).")
  private @Nullable Long every;

  @Override
  public Integer call() throws InterruptedException {
    Supplier<PublicKeySet> remote = options.remote();
    if (remote == null) {
      throw CommandException.usage("name the keys with --jwks-url or --oidc-issuer");
    }
    Long seconds = every;
    if (seconds == null) {
      try {
        sync(remote);
      } catch (KeyException e) {
        throw CommandException.failed(to + " stays as it is: " + e.getMessage());
      }
      return ExitCode.OK;
    }
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    while (true) {
      try {
        sync(remote);
      } catch (KeyException | CommandException e) {
        err.println("gate: " + to + " stays as it is: " + e.getMessage());
        err.flush();
      }
      Thread.sleep(Duration.ofSeconds(Math.max(1, seconds)));
    }
  }

  private void sync(Supplier<PublicKeySet> remote) {
    PublicKeySet set = remote.get();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try {
      Path folder = requireNonNull(to.toAbsolutePath().getParent());
      Path fresh =
          Files.createTempFile(
              folder,
              ".keys",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, JwkWriter.write(set.keys()));
      Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw CommandException.failed("cannot write " + to + ": " + e.getMessage());
    }
    out.println(
        to + ": " + String.join(", ", set.keys().keys().stream().map(GateKey::id).toList()));
    set.ignored().forEach(why -> out.println("ignored " + why));
    out.flush();
  }
}
