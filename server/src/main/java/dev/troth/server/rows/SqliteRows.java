package dev.troth.server.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of some tables of a SQLite file.
 *
 * @param mark what the names of the table and the triggers begin with that are made in it
 */
public record SqliteRows(String file, String mark, List<Table> tables) {
  private static final Pattern FORM =
      Pattern.compile("([^(),\\p{Cntrl}]{1,128})(?:\\(([^()]+)\\))?");

  /**
   * A table: {@code orders} or {@code orders(status, total)}.
   *
   * @param columns those that count besides the key; empty for all
   * @param all its columns as they were when the triggers were made
   */
  public record Table(String name, List<String> columns, List<String> all) {
    public Table {
      columns = List.copyOf(columns);
      all = List.copyOf(all);
    }

    /** Reads a table; its columns are looked up later. */
    public static Table parse(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new IllegalArgumentException(
            "table is '%s', expected a name or name(column, column)".formatted(text));
      }
      List<String> columns = new ArrayList<>();
      if (form.group(2) != null) {
        Arrays.stream(form.group(2).split(",")).map(String::strip).forEach(columns::add);
      }
      return new Table(form.group(1).strip(), columns, List.of());
    }

    @Override
    public String toString() {
      return columns.isEmpty() ? name : "%s(%s)".formatted(name, String.join(", ", columns));
    }
  }

  public SqliteRows {
    tables = List.copyOf(tables);
  }

  /** The table that the triggers write to. */
  String recorded() {
    return mark + "_changes";
  }

  /** The names of the triggers of the table at that place in the list. */
  List<String> triggers(int table) {
    return List.of(
        "%s_%d_insert".formatted(mark, table),
        "%s_%d_update".formatted(mark, table),
        "%s_%d_delete".formatted(mark, table));
  }
}
