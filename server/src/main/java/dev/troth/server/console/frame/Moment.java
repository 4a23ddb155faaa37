package dev.troth.server.console.frame;

import dev.troth.server.console.figure.Formats;
import java.time.Instant;

/**
 * The instant at which a page is read, and until when its words for times stay as they are. Used by
 * one thread.
 */
public final class Moment {
  private final Instant now;
  private Instant until = Instant.MAX;

  public Moment(Instant now) {
    this.now = now;
  }

  public Instant now() {
    return now;
  }

  /** From then on, something that the page shows is another. */
  public Instant until() {
    return until;
  }

  /** {@link Formats#ago}, which the page says until it would say something else. */
  public String ago(Instant at) {
    changesAt(Formats.agoHolds(now, at));
    return Formats.ago(now, at);
  }

  /** Something that is shown ends, or begins, at a time. */
  public void changesAt(Instant time) {
    if (time.isAfter(now) && time.isBefore(until)) {
      until = time;
    }
  }

  /** What is shown is of this moment alone, such as a part that could not be read. */
  public void passes() {
    until = now;
  }
}
