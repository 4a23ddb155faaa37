package dev.troth.server.registry;

import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.SubjectName;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Lists over all subjects in SQL, a page at a time. */
final class ListStore {
  /** Stands in a prefix for any context. */
  private static final String ANY_CONTEXT = ":*:";

  /** After every text that begins with what stands before it. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  /** What a list of subjects is of. */
  private record Which(String where, List<Object> values) {
    /**
     * @param after a name of the list behind which it begins; empty for its beginning
     */
    static Which of(String prefix, Deleted deleted, String after) {
      boolean all = prefix.startsWith(ANY_CONTEXT);
      SubjectName begin = SubjectName.of(all ? prefix.substring(ANY_CONTEXT.length()) : prefix);
      String name = begin.qualified();
      List<Object> values = new ArrayList<>();
      String where = condition(deleted);
      if (!after.isEmpty()) {
        where += " AND v.subject > ?";
        values.add(after);
      }
      if (all && name.isEmpty()) {
        // Nothing but the order of the key is left, so that a page costs what it holds.
        return new Which(where, values);
      }
      if (all) {
        values.addAll(List.of(name, name + LAST, name.length(), name));
        return new Which(
            where
                + " AND ((v.context = '.' AND v.subject >= ? AND v.subject < ?)"
                + " OR (v.context <> '.' AND substr(v.subject, length(v.context) + 3, ?) = ?))",
            values);
      }
      values.addAll(List.of(begin.context(), name + LAST));
      where += " AND v.context = ? AND v.subject < ?";
      if (after.isEmpty()) { // else it is the lower end
        where += " AND v.subject >= ?";
        values.add(name);
      }
      return new Which(where, values);
    }

    Query bind(Query query) {
      for (int at = 0; at < values.size(); at++) {
        query.bind(at, values.get(at));
      }
      return query;
    }
  }

  /** Subjects by their qualified names; {@code :*:} before the prefix means all contexts. */
  List<String> subjects(Handle handle, String prefix, Deleted deleted, Page page) {
    return subjects(handle, prefix, deleted, "", page);
  }

  /**
   * The same, counted from behind a name of the list.
   *
   * @param after empty for the beginning
   */
  List<String> subjects(Handle handle, String prefix, Deleted deleted, String after, Page page) {
    Which which = Which.of(prefix, deleted, after);
    String text =
        "SELECT v.subject FROM registry_subject v WHERE "
            + which.where
            + " ORDER BY v.subject LIMIT ? OFFSET ?";
    int bound = which.values.size();
    return which
        .bind(handle.createQuery(text))
        .bind(bound, page.limit())
        .bind(bound + 1, page.offset())
        .mapTo(String.class)
        .list();
  }

  /** The last of each so many subjects of a list, in its order. */
  List<String> everyNth(Handle handle, String prefix, Deleted deleted, int stride) {
    Which which = Which.of(prefix, deleted, "");
    String text =
        "SELECT subject FROM (SELECT v.subject AS subject, row_number() OVER (ORDER BY v.subject)"
            + " AS place FROM registry_subject v WHERE "
            + which.where
            + ") numbered WHERE place % ? = 0 ORDER BY place";
    return which
        .bind(handle.createQuery(text))
        .bind(which.values.size(), stride)
        .mapTo(String.class)
        .list();
  }

  private static String condition(Deleted deleted) {
    return switch (deleted) {
      case LEFT_OUT -> "v.in_use > 0";
      case INCLUDED -> "v.versions > 0";
      case ALONE -> "v.versions > v.in_use";
    };
  }

  /** The contexts that have a version, deleted or not; the default one is always there. */
  List<String> contexts(Handle handle) {
    // From one context to the next, not over all subjects.
    return handle
        .createQuery(
            """
            WITH RECURSIVE known (context) AS (
              SELECT min(context) FROM registry_subject WHERE versions > 0
              UNION ALL
              SELECT (SELECT min(s.context) FROM registry_subject s
                WHERE s.versions > 0 AND s.context > known.context)
              FROM known WHERE known.context IS NOT NULL)
            SELECT context FROM known WHERE context IS NOT NULL UNION SELECT '.' ORDER BY 1
            """)
        .mapTo(String.class)
        .list();
  }

  boolean hasVersions(Handle handle, SubjectName subject) {
    boolean context = subject.name().isEmpty();
    return handle
        .createQuery(
            "SELECT 1 FROM registry_subject WHERE versions > 0 AND %s = ? LIMIT 1"
                .formatted(context ? "context" : "subject"))
        .bind(0, context ? subject.context() : subject.qualified())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
