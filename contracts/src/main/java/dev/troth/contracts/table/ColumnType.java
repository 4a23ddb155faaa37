package dev.troth.contracts.table;

import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalInt;

/** What a column can hold. */
public sealed interface ColumnType {
  /** Texts, perhaps of a greatest length in characters. */
  record Text(OptionalInt maxLength) implements ColumnType {}

  /** Whole numbers within bounds. */
  record Whole(BigDecimal least, BigDecimal most) implements ColumnType {}

  /**
   * Decimal numbers.
   *
   * @param precision digits in all
   * @param scale digits after the point
   */
  record Decimal(int precision, int scale) implements ColumnType {}

  /** Numbers without a bound. */
  record Real() implements ColumnType {}

  /** True or false. */
  record Flag() implements ColumnType {}

  /** A day. */
  record Day() implements ColumnType {}

  /** A time of day. */
  record TimeOfDay(boolean zone) implements ColumnType {}

  /** A moment, or without a zone the reading of a clock and a calendar. */
  record Timestamp(boolean zone) implements ColumnType {}

  /** A UUID. */
  record Uuid() implements ColumnType {}

  /** One of several texts. */
  record Choice(List<String> labels) implements ColumnType {
    public Choice {
      labels = List.copyOf(labels);
    }
  }

  /** Bytes. */
  record Bytes() implements ColumnType {}

  /** Any JSON value. */
  record AnyJson() implements ColumnType {}

  /** An array, whose elements may be NULL. */
  record ListOf(ColumnType element) implements ColumnType {}

  /** Something that is not understood. */
  record Other() implements ColumnType {}
}
