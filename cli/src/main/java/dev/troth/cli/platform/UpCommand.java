package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.JsonLog;
import dev.troth.server.ops.StopSignal;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code troth up}: runs the platform until SIGTERM or SIGINT. */
@Command(
    name = "up",
    description = "Runs the platform.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UpCommand implements Callable<Integer> {
  private @Nullable CommandSpec spec;
  private @Nullable ConfigOptions options;

  @Spec
  void setSpec(CommandSpec spec) {
    this.spec = spec;
    this.options = new ConfigOptions(spec);
  }

  @Override
  public Integer call() throws InterruptedException {
    Config config = requireNonNull(options).config();
    StopSignal stop = StopSignal.install();
    JsonLog.install(System.err, config.logLevel());
    try (Platform platform = Main.start(config, Clock.systemUTC())) {
      announce(config, platform.port("http"));
      stop.await();
    } catch (CannotStart e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    }
    return ExitCode.OK;
  }

  private void announce(Config config, OptionalInt port) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    port.ifPresentOrElse(
        open -> {
          ListenAddress listen = config.http().listen().orElseThrow();
          String host = listen.host();
          out.println(
              "troth is ready at %s://%s:%d%s"
                  .formatted(
                      config.http().tls().filter(tls -> tls.covers("http", listen)).isPresent()
                          ? "https"
                          : "http",
                      host.indexOf(':') >= 0 ? "[" + host + "]" : host,
                      open,
                      switch (config.auth().mode()) {
                        case DEVELOPMENT -> ", without logins: every caller is the developer";
                        case TOKEN -> "";
                      }));
        },
        () -> out.println("troth is ready, without the API (http.listen is off)"));
    out.flush();
  }
}
