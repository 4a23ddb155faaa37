package dev.troth.orders.process;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.List;

/**
 * A service that runs: the port it answers at (0 for none), and its parts in the order of stopping.
 */
public record Running(int port, List<? extends AutoCloseable> parts) implements AutoCloseable {
  private static final Logger LOG = System.getLogger("process");

  public Running {
    parts = List.copyOf(parts);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Stops the parts one after the other; one that cannot be stopped does not keep the others. */
  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "while stopping: {0}", e.toString());
      }
    }
  }
}
