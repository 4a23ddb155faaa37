package dev.troth.server;

import dev.troth.server.db.Database;
import dev.troth.server.http.Listener;
import dev.troth.server.ops.Health;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/** The assembled platform: its parts are started in order and stopped in reverse. */
public final class Platform implements AutoCloseable {
  private static final Logger LOG = System.getLogger("troth.platform");

  private final Health health;
  private final Database database;
  private final List<Lifecycle> parts;
  private final Deque<Lifecycle> running = new ArrayDeque<>();

  Platform(Health health, Database database, List<Lifecycle> parts) {
    this.health = health;
    this.database = database;
    this.parts = List.copyOf(parts);
  }

  /** Starts every part; if one cannot, stops those that run and throws. */
  Platform start() {
    try {
      for (Lifecycle part : parts) {
        part.start();
        running.push(part);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    health.ready();
    return this;
  }

  /** The open port of a listener, such as {@code http}; empty if it is off. */
  public OptionalInt port(String listener) {
    for (Lifecycle part : parts) {
      if (part instanceof Listener open && open.name().equals(listener)) {
        return OptionalInt.of(open.port());
      }
    }
    return OptionalInt.empty();
  }

  /** The part of a type. */
  <T extends Lifecycle> T part(Class<T> type) {
    return parts.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  /** The database under all rooms. */
  public Database database() {
    return database;
  }

  /** Answers not ready, lets running requests end, then stops every part in reverse. */
  @Override
  public void close() {
    health.stopping();
    while (!running.isEmpty()) {
      Lifecycle part = running.pop();
      try {
        part.stop();
      } catch (RuntimeException e) {
        // The parts below still have to end in order.
        LOG.log(Level.ERROR, part.name() + " did not stop in order", e);
      }
    }
  }
}
