package dev.troth.server.watch;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;

/** Rewrites stored filters of the former spelling when a platform starts. */
public final class FormerFilters implements Lifecycle {
  private final Database database;
  private final WatchStore watches;

  public FormerFilters(Database database, WatchStore watches) {
    this.database = database;
    this.watches = watches;
  }

  @Override
  public String name() {
    return "filters";
  }

  @Override
  public void start() {
    database.write(handle -> {
      watches.rewriteFormerFilters(handle);
      return true;
    });
  }

  @Override
  public void stop() {}
}
