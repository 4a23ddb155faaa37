package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.gate.rehearse.Recorder;
import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.gate.SelfTest;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.sandbox.SandboxEngine;
import dev.troth.gate.serve.GateChecker;
import dev.troth.gate.serve.GateServer;
import dev.troth.gate.serve.VerdictListener;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
      "Keys come from JWT_SECRET, --secret-file, --keys, --jwks-url, --oidc-issuer or --config;"
          + " there",
      "is no default."
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

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = {
        "Keeps there who was accepted and refused, without tokens and signatures, for gate rehearse.",
        "Recording goes on with a file that is there."
      })
  private @Nullable Path record;

  @Option(
      names = "--record-claim",
      paramLabel = "CLAIM",
      description = {
        "A claim that is recorded, beside the usual ones and those of the present rules; may be",
        "repeated. Rules of tomorrow that look at others cannot be rehearsed."
      })
  private List<String> recordedClaims = List.of();

  @Option(
      names = "--sandbox",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = {
        "on: in the WebAssembly sandbox, which ./troth builds if it is not there; off: as plain"
            + " Java,",
        "which is faster; auto: in the sandbox if it is there, else a line says that it is not",
        "(default: ${DEFAULT-VALUE})."
      })
  private Sandbox sandbox = Sandbox.AUTO;

  private enum Sandbox {
    AUTO,
    ON,
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Takes an option with its value; false where {@link GateOptions#take} would say so. */
  boolean take(String name, String value) {
    try {
      switch (name) {
        case "--host" -> host = value;
        case "--port" -> port = QuickRun.number(value);
        case "--grpc-port" -> grpcPort = QuickRun.number(value);
        case "--record" -> record = Path.of(value);
        case "--record-claim" -> recordedClaims = List.of(value);
        case "--sandbox" -> sandbox = Sandbox.valueOf(value.toUpperCase(Locale.ROOT));
        default -> {
          return options.take(name, value) || service.take(name, value);
        }
      }
    } catch (IllegalArgumentException other) {
      return false;
    }
    return true;
  }

  /** Takes an option that has no value; false if there is none of the name. */
  boolean take(String name) {
    if (!name.equals("--no-preflight")) {
      return false;
    }
    service.refusePreflight();
    return true;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    CommandSpec asked = spec;
    return asked == null
        ? serve(environment, writer(System.out), writer(System.err))
        : serve(environment, asked.commandLine().getOut(), asked.commandLine().getErr());
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  private Integer serve(Map<String, String> environment, PrintWriter out, PrintWriter err)
      throws InterruptedException {
    InstantSource clock = InstantSource.system();
    Engine engine = engine(err);
    SelfTest.run(engine);
    GateOptions.Setup setup = options.setup(environment, clock, problem -> report(err, problem));
    ServiceSettings settings = service.settings(setup.service());
    Gate gate = new Gate(setup.trusts(), setup.revocations(), engine, clock);
    Optional<Recorder> recorder = recorder(setup, clock, err);
    VerdictListener listener =
        recorder.<VerdictListener>map(one -> one).orElse(VerdictListener.NONE);
    GateChecker checker = new GateChecker(gate, clock, listener);
    InetSocketAddress address = new InetSocketAddress(bare(), port(environment));
    Optional<InetSocketAddress> envoy = grpcAddress();
    try (GateServer server =
            GateServer.start(address, checker, settings, GateServer.Limits.DEFAULT);
        ExtAuthzServer face = ExtAuthzServer.start(envoy, checker, settings, listener)) {
      CountDownLatch stop = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    stop.countDown();
                    // The process waits for its hooks, and for nothing else.
                    recorder.ifPresent(Recorder::close);
                  }));
      out.println(
          "gate listens on http://"
              + authority(server.port())
              + face.words()
              + (engine instanceof SandboxEngine ? ", sandboxed" : "")
              + (record == null ? "" : ", recording"));
      out.flush();
      stop.await();
    } catch (IOException failed) {
      throw CommandException.failed(
          "cannot listen on %s%s: %s"
              .formatted(
                  authority(address.getPort()),
                  envoy.map(other -> " and " + authority(other.getPort())).orElse(""),
                  failed.getMessage()));
    }
    return ExitCode.OK;
  }

  private Optional<Recorder> recorder(
      GateOptions.Setup setup, InstantSource clock, PrintWriter err) {
    Path file = record;
    if (file == null) {
      if (!recordedClaims.isEmpty()) {
        throw CommandException.usage("--record-claim stands without --record FILE");
      }
      return Optional.empty();
    }
    Set<String> claims = new TreeSet<>(recordedClaims);
    setup
        .service()
        .ifPresent(settings -> {
          for (byte[] claim : settings.rules().claims()) {
            claims.add(new String(claim, UTF_8));
          }
        });
    return Optional.of(
        Recorder.start(
            file,
            claims,
            () -> setup.trusts().stream().map(trust -> trust.keys().keyring()).toList(),
            clock,
            problem -> report(err, problem)));
  }

  private Engine engine(PrintWriter err) {
    Optional<SandboxEngine> inside =
        sandbox == Sandbox.OFF ? Optional.empty() : SandboxEngine.builtIn();
    if (inside.isEmpty() && sandbox == Sandbox.ON) {
      throw CommandException.usage(
          "--sandbox on: this build has no module; ./troth builds it where Node and npm are there"
              + " (x86-64 Linux), and says what is missing where they are not");
    }
    if (inside.isEmpty() && sandbox == Sandbox.AUTO) {
      report(
          err,
          "not sandboxed: this build has no module; --sandbox on builds it, --sandbox off says that"
              + " none is wanted");
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
        : Optional.of(new InetSocketAddress(bare(), port(given.toString())));
  }

  /** An IPv6 address may come as addresses of the web have it. */
  private String bare() {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private String authority(int port) {
    return (bare().contains(":") ? "[" + bare() + "]" : bare()) + ":" + port;
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
