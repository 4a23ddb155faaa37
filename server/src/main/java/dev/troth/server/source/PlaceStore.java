package dev.troth.server.source;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** How far streams have been taken, in SQL. */
final class PlaceStore {
  private static final String SELECT =
      "SELECT source_id, place, behind, far_end FROM source_place ";

  private static final RowMapper<Place> ROW =
      (row, context) ->
          new Place(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4));

  /**
   * A place.
   *
   * @param at in the words of the source's kind
   * @param behind how much waits at the other end, as the last look saw it
   * @param farEnd how the other end stood then, in a word
   */
  record Place(long source, String at, long behind, String farEnd) {}

  void add(Handle handle, long source, String at) {
    handle.execute("INSERT INTO source_place (source_id, place) VALUES (?, ?)", source, at);
  }

  Optional<Place> find(Handle handle, long source) {
    return handle.createQuery(SELECT + "WHERE source_id = ?").bind(0, source).map(ROW).findOne();
  }

  /** By the ids of their sources. */
  Map<Long, Place> all(Handle handle) {
    return handle.createQuery(SELECT).map(ROW).stream()
        .collect(Collectors.toMap(Place::source, place -> place));
  }

  /** Moves on, unless another has; then it is false. */
  boolean move(Handle handle, long source, String from, String to) {
    return handle.execute(
            "UPDATE source_place SET place = ? WHERE source_id = ? AND place = ?", to, source, from)
        == 1;
  }

  void looked(Handle handle, long source, long behind, String farEnd) {
    handle.execute(
        "UPDATE source_place SET behind = ?, far_end = ? WHERE source_id = ?",
        behind,
        farEnd,
        source);
  }

  /** What waits there is what waited at the last look. */
  void unreachable(Handle handle, long source) {
    handle.execute("UPDATE source_place SET far_end = 'unreachable' WHERE source_id = ?", source);
  }

  void delete(Handle handle, long source) {
    handle.execute("DELETE FROM source_place WHERE source_id = ?", source);
  }
}
