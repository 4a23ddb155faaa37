package dev.troth.server.db;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The platforms that use one database at the same time, as one of them sees the others. On SQLite
 * there are none.
 */
public interface Replicas {
  /** Whether other platforms may use the database at the same time. */
  boolean isShared();

  /** Whether no other platform was there when this one came. */
  boolean isFirst();

  /** This platform's number among all that ever came; another one after its lease ran out. */
  long number();

  /** Whether its lease holds, as far as it can tell without asking: asked before sending. */
  boolean holds();

  /** Whether it has heard the others lately. */
  boolean hearsWell();

  /** The numbers of those whose leases hold, rising. */
  List<Long> living(Handle handle);

  /** Lets the others know, with the transaction, that something moved. */
  void tell(Handle handle, String topic);

  /** Says something of this platform that the others may compare, in a transaction that writes. */
  void say(Handle handle, String text);

  /** What those whose leases hold say of themselves, by their numbers; this one, too. */
  Map<Long, String> said(Handle handle);

  /** From now on this one hears what others tell. */
  void add(Neighbour neighbour);

  /** Looks now what others wrote, in place of waiting for it. */
  void look();

  /** A piece of work that one at a time does. */
  Lease lease(String name);

  /** A piece of work that one of the platforms does until it gives it back or its lease ends. */
  interface Lease {
    /**
     * Takes the work, in a transaction that writes, unless another has it that lives.
     *
     * @return which hand it is in, counted over all changes of hands; 0 if in another's
     */
    long take(Handle handle);

    /** Gives it back, in a transaction that writes. */
    void giveBack(Handle handle);
  }
}
