package dev.troth.watch.change;

import java.time.Instant;
import java.util.SortedSet;

/**
 * One thing that happened to a subject.
 *
 * @param seq its place in the log, from 1; the log's order is the order of commits
 * @param version the subject's count of changes, from 1; a receiver may drop older ones
 * @param at when it was written
 */
public record Change(long seq, long version, Instant at, NewChange what) {
  public Change {
    if (seq < 1 || version < 1) {
      throw new IllegalArgumentException(
          "change %d of %s has version %d, expected both from 1"
              .formatted(seq, what.subject(), version));
    }
  }

  public Subject subject() {
    return what.subject();
  }

  public String type() {
    return what.type();
  }

  public String actor() {
    return what.actor();
  }

  public Fields before() {
    return what.before();
  }

  public Fields after() {
    return what.after();
  }

  /** The names of the fields that differ. */
  public SortedSet<String> changed() {
    return Fields.changed(what.before(), what.after());
  }
}
