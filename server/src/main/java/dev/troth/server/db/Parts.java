package dev.troth.server.db;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Work that is cut into parts by a name, and shared among the replicas: each part is in one hand at
 * a time. One thread takes and gives back, between two pieces of work; others ask.
 */
public final class Parts {
  /** How many there are, whatever the number of replicas. */
  public static final int COUNT = 16;

  private final Database database;
  private final String name;
  private volatile Mine mine = Mine.NONE;

  /**
   * The parts that are in this replica's hands.
   *
   * @param number the member that took them
   */
  public record Mine(long number, SortedSet<Integer> parts) {
    static final Mine NONE = new Mine(0, new TreeSet<>());
    static final Mine ALL = new Mine(0, all());

    public boolean isEmpty() {
      return parts.isEmpty();
    }

    /** Whether there is one platform alone, which has all: the one on its SQLite file. */
    public boolean isAlone() {
      return this == ALL;
    }

    private static SortedSet<Integer> all() {
      SortedSet<Integer> all = new TreeSet<>();
      for (int part = 0; part < COUNT; part++) {
        all.add(part);
      }
      return all;
    }
  }

  /**
   * Parts of some work.
   *
   * @param name of the work, the same in all replicas
   */
  public Parts(Database database, String name) {
    this.database = database;
    this.name = name + "/";
  }

  /** The part that a name falls into, for ever: it is stored. */
  public static int of(String name) {
    return Math.floorMod(name.hashCode(), COUNT);
  }

  /** Whether parts go from hand to hand at all. */
  public boolean move() {
    return database.replicas().isShared();
  }

  /** What is in this replica's hands. */
  public Mine mine() {
    return move() ? mine : Mine.ALL;
  }

  /**
   * Gives back what others shall have and takes what is this one's.
   *
   * @return whether its parts are others than before
   */
  public boolean balance() {
    if (!move()) {
      return false;
    }
    long number = database.replicas().number();
    if (mine.number() == number && !database.read(handle -> differs(handle, number))) {
      return false;
    }
    Mine before = mine;
    mine = database.write(handle -> settle(handle, number));
    return !mine.equals(before);
  }

  private SortedSet<Integer> wanted(Handle handle, long number) {
    List<Long> living = database.replicas().living(handle);
    SortedSet<Integer> wanted = new TreeSet<>();
    for (int part = 0; part < COUNT && !living.isEmpty(); part++) {
      if (living.get(part % living.size()) == number) {
        wanted.add(part);
      }
    }
    return wanted;
  }

  private boolean differs(Handle handle, long number) {
    return !wanted(handle, number).equals(mine.parts())
        || !held(handle, number).equals(mine.parts());
  }

  private SortedSet<Integer> held(Handle handle, long number) {
    SortedSet<Integer> held = new TreeSet<>();
    for (Map.Entry<String, Long> one : ReplicaStore.holders(handle, name).entrySet()) {
      if (one.getValue() == number) {
        held.add(Integer.valueOf(one.getKey().substring(name.length())));
      }
    }
    return held;
  }

  private Mine settle(Handle handle, long number) {
    SortedSet<Integer> wanted = wanted(handle, number);
    for (int part : held(handle, number)) {
      if (!wanted.contains(part)) {
        ReplicaStore.giveBack(handle, name + part, number);
      }
    }
    SortedSet<Integer> taken = new TreeSet<>();
    for (int part : wanted) {
      if (ReplicaStore.take(handle, name + part, number) > 0) {
        taken.add(part);
      }
    }
    return new Mine(number, taken);
  }

  /** Whether parts are still in the hands that took them, in a transaction that writes. */
  public boolean holds(Handle handle, Mine taken) {
    return !move() || held(handle, taken.number()).containsAll(taken.parts());
  }
}
