package dev.troth.server;

import dev.troth.server.auth.Caller;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.http.Listener;
import dev.troth.server.http.Routes;
import dev.troth.server.ops.DataFolder;
import dev.troth.server.ops.Health;
import dev.troth.server.ops.HealthRoutes;
import dev.troth.server.ops.Part;
import dev.troth.server.watch.WatchRoom;
import dev.troth.server.watch.WatchSettings;
import io.helidon.webserver.http.Filter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Wires the platform, top down: the one class that knows every room. */
public final class Main {
  private Main() {}

  /**
   * Assembles and starts a platform.
   *
   * @throws dev.troth.server.ops.CannotStart when something outside the program is in the way
   */
  public static Platform start(Config config, Clock clock) {
    DataFolder data = new DataFolder(config.data());
    Database database = new Database(data.file("troth.db"), 2);
    Health health = new Health();

    List<Part> parts = new ArrayList<>();
    parts.add(data);
    parts.add(database);
    parts.add(new Migrator(database, clock));

    List<Routes> routes = new ArrayList<>();
    routes.add(new HealthRoutes(health));
    WatchRoom watch = new WatchRoom(database, clock, WatchSettings.STANDARD);
    parts.addAll(watch.parts());
    routes.addAll(watch.routes());
    // Rooms: add routes to `routes`; add what runs in the background to `parts`.

    Filter identify =
        (chain, request, response) -> {
          request.context().register(Caller.DEVELOPER);
          chain.proceed();
        };
    Listener http = new Listener("http", config.http(), config.limits(), List.of(identify), routes);
    parts.add(http);
    parts.add(watch.streams());
    return new Platform(health, database, http, parts).start();
  }
}
