package dev.troth.watch.row;

import java.math.BigDecimal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values of PostgreSQL's types as those of JSON; of a type that JSON has not, its text. */
final class ColumnValue {
  private ColumnValue() {}

  /**
   * A value.
   *
   * @param type the object id of its type, as {@code pg_type.dat} fixes it
   * @param json reads JSON
   */
  static @Nullable Object of(int type, String text, Function<String, @Nullable Object> json) {
    return switch (type) {
      case 16 -> text.equals("t");
      case 20, 21, 23, 26 -> whole(text);
      case 700, 701, 1700 -> number(text);
      case 114, 3802 -> json.apply(text);
      default -> text;
    };
  }

  private static Object whole(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** {@code NaN} and {@code Infinity} stay texts. */
  private static Object number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
