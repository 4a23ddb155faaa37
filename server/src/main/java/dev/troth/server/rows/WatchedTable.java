package dev.troth.server.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table whose rows are watched: {@code public.orders} or {@code public.orders(status, total)}.
 *
 * @param columns those that count besides the key; empty for all
 */
public record WatchedTable(String schema, String table, List<String> columns, Identity identity) {
  private static final Pattern FORM =
      Pattern.compile("([^.(),\\p{Cntrl}]{1,63})\\.([^.(),\\p{Cntrl}]{1,63})(?:\\(([^()]+)\\))?");

  /** What its server says of a row as it was before an update or a deletion. */
  public enum Identity {
    /** All of it. */
    FULL,
    /** Its key: of an update the values after it are known, not those before. */
    KEY,
    /** Nothing: only insertions and truncations can be told. */
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public WatchedTable {
    columns = List.copyOf(columns);
  }

  /** Reads a table; what its server says of former rows is asked later. */
  public static WatchedTable parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "table is '%s', expected schema.table or schema.table(column, column)".formatted(text));
    }
    List<String> columns = new ArrayList<>();
    if (form.group(3) != null) {
      Arrays.stream(form.group(3).split(",")).map(String::strip).forEach(columns::add);
    }
    return new WatchedTable(form.group(1), form.group(2), columns, Identity.NONE);
  }

  /** The same, with what its server says of former rows. */
  WatchedTable with(Identity found) {
    return new WatchedTable(schema, table, columns, found);
  }

  /** {@code schema.table}. */
  public String name() {
    return schema + "." + table;
  }

  String quoted() {
    return quoted(schema) + "." + quoted(table);
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  @Override
  public String toString() {
    return columns.isEmpty() ? name() : "%s(%s)".formatted(name(), String.join(", ", columns));
  }
}
