package dev.troth.server.statement;

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
 * @param isCut whether there are more, which were too much
 */
public record Weighed<T>(List<T> items, boolean isCut) {
  /** How many characters of one list are held at most, beside those of its last row. */
  public static final long MOST = 1 << 20;

  /** Rows that a server of a database sends at a time. */
  private static final int FETCHED = 16;

  /** What a number or a truth value counts. */
  private static final int SHORT = 16;

  /** Reads rows until they have as many characters as may be held. */
  public static <T> Weighed<T> of(Query query, RowMapper<T> mapper, ToLongFunction<T> length) {
    List<T> items = new ArrayList<>();
    long characters = 0;
    try (ResultIterator<T> rows = query.setFetchSize(FETCHED).map(mapper).iterator()) {
      while (rows.hasNext()) {
        if (characters > MOST) {
          return new Weighed<>(items, true);
        }
        T row = rows.next();
        items.add(row);
        characters += length.applyAsLong(row);
      }
    }
    return new Weighed<>(items, false);
  }

  /** The characters of what a member of a document holds. */
  public static long length(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case Map<?, ?> members ->
          members.entrySet().stream()
              .mapToLong(member -> length(member.getKey()) + length(member.getValue()))
              .sum();
      case List<?> list -> list.stream().mapToLong(Weighed::length).sum();
      case null, default -> SHORT;
    };
  }
}
