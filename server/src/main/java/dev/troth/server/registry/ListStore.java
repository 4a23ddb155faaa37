package dev.troth.server.registry;

import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.SubjectName;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Lists over all subjects in SQL, a page at a time. */
final class ListStore {
  /** Stands in a prefix for any context. */
  private static final String ANY_CONTEXT = ":*:";

  /** After every text that begins with what stands before it. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  /** Subjects by their qualified names; {@code :*:} before the prefix means all contexts. */
  List<String> subjects(Handle handle, String prefix, Deleted deleted, Page page) {
    boolean all = prefix.startsWith(ANY_CONTEXT);
    SubjectName begin = SubjectName.of(all ? prefix.substring(ANY_CONTEXT.length()) : prefix);
    String name = begin.qualified();
    String where;
    List<Object> values;
    if (all && name.isEmpty()) {
      // Nothing but the order of the key is left, so that a page costs what it holds.
      where = "1 = 1";
      values = List.of();
    } else if (all) {
      where =
          "((v.context = '.' AND v.subject >= ? AND v.subject < ?) OR (v.context <> '.' AND"
              + " substr(v.subject, length(v.context) + 3, ?) = ?))";
      values = List.of(name, name + LAST, name.length(), name);
    } else {
      where = "v.context = ? AND v.subject >= ? AND v.subject < ?";
      values = List.of(begin.context(), name, name + LAST);
    }
    Query query =
        handle.createQuery(
            "SELECT v.subject FROM registry_subject v WHERE "
                + where
                + " AND "
                + condition(deleted)
                + " ORDER BY v.subject LIMIT ? OFFSET ?");
    int at = 0;
    for (Object value : values) {
      query.bind(at++, value);
    }
    return query.bind(at++, page.limit()).bind(at, page.offset()).mapTo(String.class).list();
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
