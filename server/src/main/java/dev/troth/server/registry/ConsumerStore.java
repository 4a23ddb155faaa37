package dev.troth.server.registry;

import dev.troth.server.registry.schema.SubjectName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Consumers of registry subjects in SQL. */
final class ConsumerStore {
  private static final String SELECT =
      "SELECT consumer, version, user_name, since FROM registry_consumer WHERE subject = ?";
  private static final RowMapper<Consumer> ROW =
      (row, context) ->
          new Consumer(
              row.getString(1), row.getInt(2), row.getString(3), Instant.parse(row.getString(4)));

  /** By their names. */
  List<Consumer> of(Handle handle, SubjectName subject, int limit) {
    return handle
        .createQuery(SELECT + " ORDER BY consumer LIMIT ?")
        .bind(0, subject.qualified())
        .bind(1, limit)
        .map(ROW)
        .list();
  }

  Optional<Consumer> find(Handle handle, SubjectName subject, String consumer) {
    return handle
        .createQuery(SELECT + " AND consumer = ?")
        .bind(0, subject.qualified())
        .bind(1, consumer)
        .map(ROW)
        .findOne();
  }

  int count(Handle handle, SubjectName subject) {
    return handle
        .createQuery("SELECT count(*) FROM registry_consumer WHERE subject = ?")
        .bind(0, subject.qualified())
        .mapTo(Integer.class)
        .one();
  }

  void save(Handle handle, SubjectName subject, Consumer consumer) {
    delete(handle, subject, consumer.consumer());
    handle.execute(
        """
        INSERT INTO registry_consumer (subject, consumer, version, user_name, since)
        VALUES (?, ?, ?, ?, ?)
        """,
        subject.qualified(),
        consumer.consumer(),
        consumer.version(),
        consumer.user(),
        consumer.since().toString());
  }

  /** Forgets who reads versions that are deleted for good. */
  void deleteReaders(Handle handle, SubjectName subject, int from, int to) {
    handle.execute(
        "DELETE FROM registry_consumer WHERE subject = ? AND version BETWEEN ? AND ?",
        subject.qualified(),
        from,
        to);
  }

  void delete(Handle handle, SubjectName subject, String consumer) {
    handle.execute(
        "DELETE FROM registry_consumer WHERE subject = ? AND consumer = ?",
        subject.qualified(),
        consumer);
  }
}
