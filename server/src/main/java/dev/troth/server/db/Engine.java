package dev.troth.server.db;

import com.zaxxer.hikari.HikariConfig;
import dev.troth.server.ops.CannotStart;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jdbi.v3.core.Handle;

/** What stands beneath a {@link Database}: where it is, how it is reached, and what ails it. */
interface Engine {
  /** What people call it: {@code database troth-data/troth.db}. */
  String title();

  /** Makes what a first connection needs. */
  void create();

  HikariConfig writer();

  HikariConfig reader();

  /** The kind of threads that may wait for it. */
  ThreadFactory threads(String name);

  /** The folder of its schema steps. */
  String steps();

  /**
   * Looks at a database that has just been opened.
   *
   * @throws CannotStart when nothing may rely on it
   */
  void opened(Database database);

  /**
   * Whether writes that wait share a commit. A server does that itself, and holds the locks of a
   * longer transaction against other platforms.
   */
  boolean commitsTogether();

  /** Comes before everything else in a transaction that writes. */
  void beforeWrite(Handle handle);

  /** Comes after the commit, on the thread that asked for it. */
  default void written() {}

  /** Comes before everything else in a transaction that reads. */
  void beforeRead();

  /** Those that use the database at the same time. */
  Replicas replicas();

  /** Comes before the connections are closed. */
  default void closing() {}

  /** Comes after all connections were closed. */
  default void closed() {}

  /** Why a write may wait for long. */
  String hung();

  /** What a failure of the start means for who configured it, if that is known. */
  default Optional<CannotStart> explained(Throwable failure) {
    return Optional.empty();
  }

  /** Why writes cannot work, as far as can be told without one; empty when they may. */
  Optional<String> obstacle();
}
