package dev.troth.contracts.table;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the types that PostgreSQL and SQLite declare. */
public final class TypeNames {
  private static final Pattern FORM =
      Pattern.compile(
          "([a-z_ ]*?[a-z_])\\s*(?:\\((\\d{1,6})(?:\\s*,\\s*(-?\\d{1,6}))?\\))?([a-z ]*)");

  private static final ColumnType.Whole INT2 = bits(15);
  private static final ColumnType.Whole INT4 = bits(31);
  private static final ColumnType.Whole INT8 = bits(63);

  private TypeNames() {}

  /** A type as {@code format_type} of PostgreSQL writes it. */
  public static ColumnType postgres(String declared, List<String> labels) {
    if (!labels.isEmpty()) {
      return new ColumnType.Choice(labels);
    }
    if (declared.endsWith("[]")) {
      return new ColumnType.ListOf(
          postgres(declared.substring(0, declared.length() - 2), List.of()));
    }
    Matcher form = FORM.matcher(declared.toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      return new ColumnType.Other();
    }
    OptionalInt size = number(form.group(2));
    return switch (form.group(1) + form.group(4)) {
      case "smallint" -> INT2;
      case "integer" -> INT4;
      case "bigint" -> INT8;
      case "numeric" ->
          size.isEmpty()
              ? new ColumnType.Real()
              : new ColumnType.Decimal(size.getAsInt(), number(form.group(3)).orElse(0));
      case "real", "double precision" -> new ColumnType.Real();
      case "boolean" -> new ColumnType.Flag();
      case "text", "citext", "name" -> new ColumnType.Text(OptionalInt.empty());
      case "character varying", "character" -> new ColumnType.Text(size);
      case "date" -> new ColumnType.Day();
      case "time without time zone" -> new ColumnType.TimeOfDay(false);
      case "time with time zone" -> new ColumnType.TimeOfDay(true);
      case "timestamp without time zone" -> new ColumnType.Timestamp(false);
      case "timestamp with time zone" -> new ColumnType.Timestamp(true);
      case "uuid" -> new ColumnType.Uuid();
      case "bytea" -> new ColumnType.Bytes();
      case "json", "jsonb" -> new ColumnType.AnyJson();
      default -> new ColumnType.Other();
    };
  }

  /**
   * A type as somebody wrote it for SQLite: names that have a meaning of their own, then the rules
   * of affinity (sqlite.org/datatype3.html, 3.1).
   */
  public static ColumnType sqlite(String declared) {
    Matcher form = FORM.matcher(declared.toLowerCase(Locale.ROOT).strip());
    if (!form.matches()) {
      return new ColumnType.Other();
    }
    String name = form.group(1) + form.group(4);
    OptionalInt size = number(form.group(2));
    switch (name) {
      case "boolean", "bool" -> {
        return new ColumnType.Flag();
      }
      case "date" -> {
        return new ColumnType.Day();
      }
      case "datetime", "timestamp" -> {
        return new ColumnType.Timestamp(false);
      }
      case "time" -> {
        return new ColumnType.TimeOfDay(false);
      }
      case "uuid" -> {
        return new ColumnType.Uuid();
      }
      case "json" -> {
        return new ColumnType.AnyJson();
      }
      case "decimal", "numeric" -> {
        return size.isEmpty()
            ? new ColumnType.Real()
            : new ColumnType.Decimal(size.getAsInt(), number(form.group(3)).orElse(0));
      }
      default -> {}
    }
    if (name.contains("int")) {
      return INT8;
    }
    if (name.contains("char") || name.contains("clob") || name.contains("text")) {
      return new ColumnType.Text(size);
    }
    if (name.contains("blob")) {
      return new ColumnType.Bytes();
    }
    return name.contains("real") || name.contains("floa") || name.contains("doub")
        ? new ColumnType.Real()
        : new ColumnType.Other();
  }

  private static OptionalInt number(@Nullable String digits) {
    return digits == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(digits));
  }

  private static ColumnType.Whole bits(int bits) {
    BigDecimal most = BigDecimal.TWO.pow(bits).subtract(BigDecimal.ONE);
    return new ColumnType.Whole(most.negate().subtract(BigDecimal.ONE), most);
  }
}
