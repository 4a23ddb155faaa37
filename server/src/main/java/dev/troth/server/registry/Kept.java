package dev.troth.server.registry;

import dev.troth.server.db.Database;
import dev.troth.server.registry.schema.SubjectName;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Answers of the registry, as long as they are true. Who writes says what of, before and after;
 * what is kept of it no longer counts from before the write on, and nothing is kept while one runs.
 * So no answer is older than the last write that somebody was told of.
 *
 * <p>Where other platforms write to the same database nothing is kept.
 */
public final class Kept {
  private static final int PARTS = 64;
  private static final long MOST_BYTES = 16L << 20;
  private static final int LONGEST = 128 * 1024;

  /** What a key, an entry and its objects hold beside the texts. */
  private static final int OVERHEAD = 256;

  private final Database database;

  /** Writes that began, by part; the last part is that of ids. */
  private final AtomicLongArray begun = new AtomicLongArray(PARTS + 1);

  private final AtomicLongArray ended = new AtomicLongArray(PARTS + 1);
  private final Map<Object, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  public Kept(Database database) {
    this.database = database;
  }

  private record Entry(long writes, Ready value) {
    int bytes() {
      return value.bytes() + OVERHEAD;
    }
  }

  /** An answer that follows from one subject and what is set for it. */
  Ready of(SubjectName subject, Object key, Supplier<Ready> load) {
    return get(part(subject), key, load);
  }

  /** An answer that follows from an id, which stays until versions are deleted for good. */
  Ready ofId(Object key, Supplier<Ready> load) {
    return get(PARTS, key, load);
  }

  private Ready get(int part, Object key, Supplier<Ready> load) {
    if (database.replicas().isShared()) {
      return load.get();
    }
    database.requireReadable();
    long writes = begun.get(part);
    Entry entry = entries.get(key);
    if (entry != null && entry.writes() == writes) {
      return entry.value();
    }
    boolean quiet = ended.get(part) == writes;
    Ready value = load.get();
    if (quiet && value.lasting()) {
      keep(key, new Entry(writes, value));
    }
    return value;
  }

  private void keep(Object key, Entry entry) {
    if (entry.bytes() > LONGEST) {
      return;
    }
    Entry before = entries.put(key, entry);
    long now = bytes.addAndGet(entry.bytes() - (before == null ? 0 : before.bytes()));
    if (now > MOST_BYTES) {
      // What is asked for again is soon there again.
      entries.clear();
      bytes.set(0);
    }
  }

  /**
   * A number that changes with every write; none while one runs, and where other platforms write to
   * the same database.
   */
  OptionalLong settled() {
    if (database.replicas().isShared()) {
      return OptionalLong.empty();
    }
    // In this order: what has ended by now had begun before.
    long done = sum(ended);
    return sum(begun) == done ? OptionalLong.of(done) : OptionalLong.empty();
  }

  private static long sum(AtomicLongArray writes) {
    long sum = 0;
    for (int part = 0; part <= PARTS; part++) {
      sum += writes.get(part);
    }
    return sum;
  }

  /** A write that changes versions of a subject or what is set for it. */
  <T> T writing(SubjectName subject, Supplier<T> write) {
    int part = part(subject);
    return writing(part, part + 1, write);
  }

  /** A write that may change anything: what is set above subjects, or what ids mean. */
  <T> T writing(Supplier<T> write) {
    return writing(0, PARTS + 1, write);
  }

  private <T> T writing(int from, int to, Supplier<T> write) {
    for (int part = from; part < to; part++) {
      begun.incrementAndGet(part);
    }
    try {
      return write.get();
    } finally {
      for (int part = from; part < to; part++) {
        ended.incrementAndGet(part);
      }
    }
  }

  private static int part(SubjectName subject) {
    return Math.floorMod(subject.hashCode(), PARTS);
  }
}
