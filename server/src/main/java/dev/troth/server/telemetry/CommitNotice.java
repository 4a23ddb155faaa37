package dev.troth.server.telemetry;

import dev.troth.server.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * A stage that stores nothing: it says that what was received is on disk; to other platforms on the
 * database once a second at most.
 */
public final class CommitNotice implements Stage {
  private static final Duration APART = Duration.ofSeconds(1);

  private final Database database;
  private final Consumer<Handle> others;
  private final Runnable told;
  private boolean owed;
  private Instant last = Instant.EPOCH;

  /**
   * @param others tells other platforms, in the transaction
   * @param told tells this one, after the commit
   */
  public CommitNotice(Database database, Consumer<Handle> others, Runnable told) {
    this.database = database;
    this.others = others;
    this.told = told;
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {
    owed |= !batches.isEmpty();
    if (pending(now)) {
      others.accept(handle);
      owed = false;
      last = now;
    }
  }

  @Override
  public void committed() {
    told.run();
  }

  @Override
  public void failed(Instant now) {
    owed = true;
  }

  @Override
  public boolean pending(Instant now) {
    return owed
        && database.replicas().isShared()
        && (now.isBefore(last) || !now.isBefore(last.plus(APART)));
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public boolean isEverywhere() {
    return true;
  }
}
