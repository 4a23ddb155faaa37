package dev.troth.server;

import dev.troth.server.db.Database;
import dev.troth.server.http.Listener;
import dev.troth.server.ops.Health;
import dev.troth.server.ops.Part;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The assembled platform: its parts are started in order and stopped in reverse. */
public final class Platform implements AutoCloseable {
  private final Health health;
  private final Database database;
  private final Listener http;
  private final List<Part> parts;
  private final Deque<Part> running = new ArrayDeque<>();

  Platform(Health health, Database database, Listener http, List<Part> parts) {
    this.health = health;
    this.database = database;
    this.http = http;
    this.parts = List.copyOf(parts);
  }

  /** Starts every part; if one cannot, stops those that run and throws. */
  Platform start() {
    try {
      for (Part part : parts) {
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

  /** The port of the API and the console. */
  public int port() {
    return http.port();
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
      running.pop().stop();
    }
  }
}
