package dev.troth.cli.gate;

import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.serve.GateChecker;
import dev.troth.gate.serve.VerdictListener;
import dev.troth.server.gate.ExtAuthz;
import dev.troth.server.gate.ExtAuthzRoutes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The gRPC port of {@code troth gate run} for Envoy, where one is wished. */
record ExtAuthzServer(ExtAuthzRoutes.@Nullable Server server) implements AutoCloseable {
  /** Asked for only with the port: java.util.logging reads its configuration when it begins. */
  private static final class Log {
    /** Held here, because java.util.logging holds loggers and so their levels weakly. */
    private static final Logger LISTENER = Logger.getLogger("io.helidon");

    private Log() {}
  }

  static ExtAuthzServer start(
      Optional<InetSocketAddress> address,
      GateChecker checker,
      ServiceSettings settings,
      VerdictListener listener)
      throws IOException {
    if (address.isEmpty()) {
      return new ExtAuthzServer(null);
    }
    // What it says at INFO is said by the command's own line.
    Log.LISTENER.setLevel(Level.WARNING);
    ExtAuthz authz = new ExtAuthz(checker::check, settings, listener);
    return new ExtAuthzServer(ExtAuthzRoutes.Server.start(address.get(), authz));
  }

  /** What to add to the line that says where gate listens. */
  String words() {
    return server == null ? "" : ", for Envoy over gRPC on port " + server.port();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
