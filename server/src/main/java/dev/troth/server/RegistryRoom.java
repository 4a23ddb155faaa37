package dev.troth.server;

import dev.troth.server.config.Config;
import dev.troth.server.db.Database;
import dev.troth.server.event.DataCheck;
import dev.troth.server.http.Routes;
import dev.troth.server.registry.DataSchemas;
import dev.troth.server.registry.Deletions;
import dev.troth.server.registry.Kept;
import dev.troth.server.registry.Levels;
import dev.troth.server.registry.Registry;
import dev.troth.server.registry.RegistryRoutes;
import dev.troth.server.registry.SettingRoutes;
import dev.troth.server.registry.TopicRoutes;
import dev.troth.watch.change.ChangeLog;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The schema registry: one set of rules, served by more than one listener. */
final class RegistryRoom {
  private final Kept kept;
  private final Registry registry;
  private final Deletions deletions;
  private final Levels levels;
  private final String version;

  RegistryRoom(Database database, ChangeLog<Handle> changes, String version) {
    this.kept = new Kept(database);
    this.registry = new Registry(database, changes, kept);
    this.deletions = new Deletions(database, changes, kept);
    this.levels = new Levels(database, changes, kept);
    this.version = version;
  }

  /** Finds the schemas that events name by the addresses of this platform. */
  DataCheck schemasOfEvents(Config.Http http) {
    return new DataSchemas(registry, http);
  }

  /** Its routes below a prefix, such as {@code /registry}; empty on a listener of its own. */
  List<Routes> routes(String prefix) {
    return List.of(
        new RegistryRoutes(registry, deletions, kept, prefix),
        new SettingRoutes(registry, levels, prefix, version),
        new TopicRoutes(registry));
  }
}
