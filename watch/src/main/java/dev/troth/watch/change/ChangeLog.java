package dev.troth.watch.change;

import java.util.List;

/**
 * The one log of all changes, in the order of their commits.
 *
 * <p>A change is appended inside the transaction that writes the state it belongs to, so neither
 * can exist without the other.
 *
 * @param <T> the transaction of the store behind it
 */
public interface ChangeLog<T> {
  /** Appends within the caller's transaction; costs the same for one watcher and a million. */
  Change append(T transaction, NewChange change);

  /** Committed changes after a sequence, oldest first. */
  List<Change> after(long seq, int limit);

  /** The sequence of the newest committed change, 0 when there is none. */
  long head();
}
