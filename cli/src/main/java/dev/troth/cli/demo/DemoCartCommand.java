package dev.troth.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.troth.cart.Shop;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.JsonLog;
import dev.troth.server.ops.LogLevel;
import dev.troth.server.ops.StopSignal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth demo cart}: a shop whose cart three frameworks share, until Ctrl-C. */
@Command(
    name = "cart",
    description = "Runs a shop whose cart React, Svelte and Preact share.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DemoCartCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder that holds all state (default: ${DEFAULT-VALUE}).",
      defaultValue = "./troth-data")
  private Path data = Path.of("troth-data");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port of the shop (default: ${DEFAULT-VALUE}; 0: any).",
      defaultValue = "4200")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw CommandException.usage("--port is %d, expected 0 to 65535".formatted(port));
    }
    StopSignal stop = StopSignal.install();
    JsonLog.install(System.err, LogLevel.WARNING);
    Path folder = data.normalize().resolve("demo/cart");
    try (Shop shop = Shop.start(Shop.Settings.at(folder, port), Clock.systemUTC())) {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.printf(
          """
          The shop is ready at http://127.0.0.1:%d
          Its header is React, its cards are Svelte, its drawer is Preact, and one store lies below them.
          Add something, and load the page again: the cart is in its first bytes.

          Ctrl-C ends it; the next start goes on with the carts in %s.
          """,
          shop.port(), folder);
      out.flush();
      stop.await();
    } catch (CannotStart e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    }
    return ExitCode.OK;
  }
}
