package dev.troth.server.telemetry;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** A stage that stores nothing: it says that what was received is on disk. */
public final class CommitNotice implements Stage {
  private final Runnable told;

  public CommitNotice(Runnable told) {
    this.told = told;
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {}

  @Override
  public void committed() {
    told.run();
  }

  @Override
  public boolean pending(Instant now) {
    return false;
  }

  @Override
  public boolean hasRoom() {
    return true;
  }
}
