package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.gate.SelfTest;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.sandbox.SandboxEngine;
import dev.troth.gate.serve.GateChecker;
import dev.troth.gate.serve.GateServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth gate run}: the validator as a service. */
@Command(
    name = "run",
    description = {
      "Serves verdicts: POST /validate, /auth for proxies, POST /authorizer for API Gateway.",
      "The secret comes from JWT_SECRET or --keys; there is no default."
    },
    mixinStandardHelpOptions = true)
final class GateRunCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private GateOptions options = new GateOptions();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port, 0 for a free one (default: PORT or 3000).")
  private @Nullable Integer port;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      description = {
        "Where Envoy's filter ext_authz asks over gRPC (envoy.service.auth.v3); 0 for a free port.",
        "Without it there is no gRPC."
      })
  private @Nullable Integer grpcPort;

  @Option(
      names = "--claim-headers",
      paramLabel = "CLAIM:HEADER,...",
      defaultValue = ClaimHeaders.DEFAULT,
      description = "Claims that /auth passes on as headers (default: ${DEFAULT-VALUE}).")
  private String claimHeaders = ClaimHeaders.DEFAULT;

  @Option(
      names = "--sandbox",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = {
        "auto: in the WebAssembly sandbox if this build contains it; on: or refuse to start;",
        "off: as plain Java, which is faster (default: ${DEFAULT-VALUE})."
      })
  private Sandbox sandbox = Sandbox.AUTO;

  private enum Sandbox {
    AUTO,
    ON,
    OFF
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    if (!ClaimHeaders.isWellFormed(claimHeaders)) {
      throw CommandException.usage(
          "--claim-headers is '%s', expected claim:Header,claim:Header".formatted(claimHeaders));
    }
    InstantSource clock = InstantSource.system();
    Engine engine = engine();
    SelfTest.run(engine);
    Gate gate =
        new Gate(
            options.keys(environment, clock, problem -> report(err, problem)),
            options.policy(),
            engine,
            clock);
    GateChecker checker = new GateChecker(gate, clock);
    InetSocketAddress address = new InetSocketAddress(host, port(environment));
    Optional<InetSocketAddress> envoy = grpcAddress();
    try (GateServer server =
            GateServer.start(
                address, checker, ClaimHeaders.parse(claimHeaders), GateServer.Limits.DEFAULT);
        ExtAuthzServer face = ExtAuthzServer.start(envoy, checker, claimHeaders)) {
      CountDownLatch stop = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stop::countDown));
      out.println(
          "gate listens on http://"
              + host
              + ":"
              + server.port()
              + face.words()
              + (engine instanceof SandboxEngine ? ", sandboxed" : ""));
      out.flush();
      stop.await();
    } catch (IOException failed) {
      throw CommandException.failed(
          "cannot listen on %s%s: %s"
              .formatted(
                  address, envoy.map(other -> " and " + other).orElse(""), failed.getMessage()));
    }
    return ExitCode.OK;
  }

  private Engine engine() {
    Optional<SandboxEngine> inside =
        sandbox == Sandbox.OFF ? Optional.empty() : SandboxEngine.builtIn();
    if (sandbox == Sandbox.ON && inside.isEmpty()) {
      throw CommandException.usage(
          "--sandbox on: this build has no module; ./build -pl gate/native -am -Pnative package"
              + " makes it");
    }
    return inside.<Engine>map(engine -> engine).orElseGet(Gate::javaEngine);
  }

  private int port(Map<String, String> environment) {
    Integer given = port;
    return port(given == null ? environment.getOrDefault("PORT", "3000") : given.toString());
  }

  private Optional<InetSocketAddress> grpcAddress() {
    Integer given = grpcPort;
    return given == null
        ? Optional.empty()
        : Optional.of(new InetSocketAddress(host, port(given.toString())));
  }

  private static int port(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException fallsThrough) {
      // Told below, with the value.
    }
    throw CommandException.usage("the port is '%s', expected 0 to 65535".formatted(text));
  }

  private static void report(PrintWriter err, String problem) {
    err.println("gate: " + problem);
    err.flush();
  }
}
