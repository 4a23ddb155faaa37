package dev.troth.server.change;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.NewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a list, as many as may be held together: one row may be as long as a thousand
 * others.
 *
 * @param items the rows, one at least if there is any
 * @param characters how long their texts are together
 * @param isCut whether there are more, which were too much
 */
public record WeighedRow<T>(List<T> items, long characters, boolean isCut) {
  /** What is held of one list at most, and one row more. */
  public static final long MOST = 1 << 20;

  /** Rows that a server of a database sends at a time. */
  private static final int FETCHED = 16;

  private static final int SHORT = 16;

  /** Reads rows until they have as many characters as may be held. */
  public static <T> WeighedRow<T> of(Query query, RowMapper<T> mapper, ToLongFunction<T> length) {
    List<T> items = new ArrayList<>();
    long characters = 0;
    try (ResultIterator<T> rows = query.setFetchSize(FETCHED).map(mapper).iterator()) {
      while (rows.hasNext()) {
        if (characters > MOST) {
          return new WeighedRow<>(items, characters, true);
        }
        T row = rows.next();
        items.add(row);
        characters += length.applyAsLong(row);
      }
    }
    return new WeighedRow<>(items, characters, false);
  }

  /** The same of changes. */
  public static WeighedRow<Change> changes(Query query) {
    return of(query, new ChangeRow(), WeighedRow::length);
  }

  /** The characters of a change. */
  public static long length(Change change) {
    NewChange what = change.what();
    return length(what.before().values())
        + length(what.after().values())
        + length(what.event().values());
  }

  /** The characters of what a member of a document holds. */
  public static long length(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case Map<?, ?> members ->
          members.entrySet().stream()
              .mapToLong(member -> length(member.getKey()) + length(member.getValue()))
              .sum();
      case List<?> list -> list.stream().mapToLong(WeighedRow::length).sum();
      case null, default -> SHORT;
    };
  }
}
