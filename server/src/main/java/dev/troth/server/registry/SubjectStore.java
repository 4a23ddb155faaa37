package dev.troth.server.registry;

import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import org.jdbi.v3.core.Handle;

/** What is known of each subject without looking at its versions, in SQL. */
final class SubjectStore {
  /**
   * A subject as it stands.
   *
   * @param count how many versions count
   * @param last the highest number among those; 0 for none
   * @param top the highest number among all versions, deleted or not; 0 for none
   * @param plain whether all that count are nothing but schemas
   * @param writes how often its versions have changed: who sees the same number sees the same
   */
  record Stamp(int count, int last, int top, boolean plain, long writes) {
    static final Stamp NEW = new Stamp(0, 0, 0, true, 0);

    boolean isEmpty() {
      return count == 0;
    }
  }

  Stamp stamp(Handle handle, SubjectName subject) {
    return handle
        .createQuery(
            "SELECT in_use, last, top, special, writes FROM registry_subject WHERE subject = ?")
        .bind(0, subject.qualified())
        .map((row, context) ->
            new Stamp(
                row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4) == 0, row.getLong(5)))
        .findOne()
        .orElse(Stamp.NEW);
  }

  /** Counts a version that was added. */
  void added(Handle handle, SubjectName subject, int version, Submission schema) {
    int special = schema.metadata().isEmpty() ? 0 : 1;
    handle.execute(
        """
        INSERT INTO registry_subject (subject, context, versions, in_use, last, top, special, writes)
        VALUES (?, ?, 1, 1, ?, ?, ?, 1)
        ON CONFLICT (subject) DO UPDATE SET
          versions = registry_subject.versions + 1,
          in_use = registry_subject.in_use + 1,
          last = CASE WHEN excluded.last > registry_subject.last THEN excluded.last ELSE registry_subject.last END,
          top = CASE WHEN excluded.top > registry_subject.top THEN excluded.top ELSE registry_subject.top END,
          special = registry_subject.special + excluded.special,
          writes = registry_subject.writes + 1
        """,
        subject.qualified(),
        subject.context(),
        version,
        version,
        special);
  }

  /** Counts anew, after versions were deleted. */
  void recount(Handle handle, SubjectName subject) {
    record Counted(long versions, long inUse, long last, long top, long special) {}
    Counted now =
        handle
            .createQuery(
                """
                SELECT count(*), coalesce(sum(1 - v.deleted), 0),
                  coalesce(max(CASE WHEN v.deleted = 0 THEN v.version ELSE 0 END), 0),
                  coalesce(max(v.version), 0),
                  coalesce(sum(CASE WHEN v.deleted = 0 AND s.metadata <> '' THEN 1 ELSE 0 END), 0)
                FROM registry_version v JOIN registry_schema s ON s.id = v.schema_id
                WHERE v.subject = ?
                """)
            .bind(0, subject.qualified())
            .map((row, context) ->
                new Counted(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
            .one();
    handle.execute(
        """
        UPDATE registry_subject SET versions = ?, in_use = ?, last = ?, top = ?, special = ?,
          writes = writes + 1
        WHERE subject = ?
        """,
        now.versions(),
        now.inUse(),
        now.last(),
        now.top(),
        now.special(),
        subject.qualified());
  }
}
