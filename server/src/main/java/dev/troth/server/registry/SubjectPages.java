package dev.troth.server.registry;

import dev.troth.server.db.Database;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Pages of subjects by how many come before them. Who pages through a long list asks for it again
 * and again; from the second time on, names at known places lead to the page, so that what lies
 * before it is not walked. They count until a subject is written.
 */
final class SubjectPages {
  private static final int STRIDE = 500;
  private static final int MOST_LISTS = 16;

  private final Database database;
  private final Kept kept;
  private final ListStore store = new ListStore();
  private final Map<Listed, Names> lists = new LinkedHashMap<>(16, 0.75f, true);

  SubjectPages(Database database, Kept kept) {
    this.database = database;
    this.kept = kept;
  }

  private record Listed(String prefix, Deleted deleted) {}

  /**
   * Every {@link #STRIDE}th name of a list.
   *
   * @param every nothing yet for a list that was asked for once
   */
  private record Names(long writes, Optional<List<String>> every) {}

  List<String> page(String prefix, Deleted deleted, Page page) {
    OptionalLong writes = page.offset() < STRIDE ? OptionalLong.empty() : kept.settled();
    if (writes.isPresent()) {
      Optional<List<String>> names = names(new Listed(prefix, deleted), writes.getAsLong());
      if (names.isPresent()) {
        int known = Math.min(page.offset() / STRIDE, names.get().size());
        List<String> found =
            read(
                prefix,
                deleted,
                known == 0 ? "" : names.get().get(known - 1),
                new Page(page.offset() - known * STRIDE, page.limit()));
        if (kept.settled().equals(writes)) {
          return found;
        }
      }
    }
    return read(prefix, deleted, "", page);
  }

  private List<String> read(String prefix, Deleted deleted, String after, Page page) {
    return database.read(handle -> store.subjects(handle, prefix, deleted, after, page));
  }

  private Optional<List<String>> names(Listed list, long writes) {
    synchronized (lists) {
      Names known = lists.get(list);
      if (known == null || known.writes != writes) {
        lists.put(list, new Names(writes, Optional.empty()));
        if (lists.size() > MOST_LISTS) {
          lists.remove(lists.keySet().iterator().next());
        }
        return Optional.empty();
      }
      if (known.every.isPresent()) {
        return known.every;
      }
    }
    List<String> every =
        database.read(handle -> store.everyNth(handle, list.prefix, list.deleted, STRIDE));
    if (!kept.settled().equals(OptionalLong.of(writes))) {
      return Optional.empty();
    }
    synchronized (lists) {
      lists.put(list, new Names(writes, Optional.of(every)));
    }
    return Optional.of(every);
  }
}
