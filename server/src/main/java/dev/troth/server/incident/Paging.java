package dev.troth.server.incident;

import dev.troth.watch.change.Subject;
import org.jdbi.v3.core.Handle;

/** Whoever takes pages from one person to the next, as those who look after incidents need them. */
public interface Paging {
  /**
   * Somebody looks after what this subject pages for: those who were paged hear who it is.
   *
   * @param group of the subject alone; empty for what is of no group
   */
  void acknowledged(Handle handle, Subject subject, String group, String user);

  /** Nobody does any longer: what is urgent of it from now on is a page of its own. */
  void forgotten(Handle handle, Subject subject, String group);
}
