package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.SelfTest;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.sandbox.SandboxEngine;
import dev.troth.gate.serve.GateChecker;
import dev.troth.gate.serve.GateServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * Does once what {@code gate run} does, so that the launcher can cache its classes; without
 * picocli, whose classes would then be loaded at every start.
 */
public final class GateRehearsal {
  private GateRehearsal() {}

  /** Starts a service on each engine, asks it once, and ends. */
  public static int run() throws IOException {
    Path secret = Files.createTempFile("troth-rehearsal-", "");
    try {
      Files.writeString(secret, "x".repeat(48));
      command(secret);
      InstantSource clock = InstantSource.system();
      for (Engine engine :
          Stream.concat(SandboxEngine.builtIn().stream(), Stream.of(Gate.javaEngine())).toList()) {
        SelfTest.run(engine);
        Gate gate =
            new Gate(Keyring.secret(Files.readAllBytes(secret)), Policy.DEFAULT, engine, clock);
        serve(new GateChecker(gate, clock));
      }
    } finally {
      Files.delete(secret);
    }
    return ExitCode.OK;
  }

  /** The command itself, on a port that is taken, so that it ends. */
  private static void command(Path secret) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, here)) {
      List<String> arguments =
          List.of(
              "gate",
              "run",
              "--host",
              here.getHostAddress(),
              "--port",
              Integer.toString(taken.getLocalPort()),
              "--sandbox",
              "off",
              "--secret-file",
              secret.toString());
      QuickRun.read(arguments).orElseThrow().call();
    } catch (CommandException expected) {
      // It cannot listen there.
    } catch (IOException wrong) {
      throw wrong;
    } catch (Exception wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private static void serve(GateChecker checker) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (GateServer server =
            GateServer.start(
                new InetSocketAddress(here, 0),
                checker,
                ServiceSettings.DEFAULT,
                GateServer.Limits.DEFAULT);
        Socket socket = new Socket(here, server.port())) {
      socket
          .getOutputStream()
          .write(
              "POST /validate HTTP/1.0\r\nContent-Length: 17\r\n\r\n{\"token\":\"a.b.c\"}"
                  .getBytes(US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }
}
