package dev.troth.server.source;

import dev.troth.server.rows.SqliteRows;
import dev.troth.server.source.SourceView.TableView;
import dev.troth.watch.change.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How rows of a SQLite file are watched.
 *
 * @param subject what the subjects of rows begin with
 */
record SqliteSettings(SqliteRows rows, String subject) implements StreamSettings {
  private static final Pattern MARK = Pattern.compile("[a-z0-9_]{1,50}");
  private static final int MOST_TABLES = 100;
  private static final int LONGEST_SUBJECT = 64;

  SqliteSettings {
    if (!MARK.matcher(rows.mark()).matches()) {
      throw new IllegalArgumentException(
          "slot is '%s', expected 1 to 50 of a-z, 0-9 and _".formatted(rows.mark()));
    }
    if (!rows.file().startsWith("/")
        || rows.file().length() > 1_000
        || rows.file().contains("\0")) {
      throw new IllegalArgumentException(
          "url is '%s', expected a path that begins with /".formatted(rows.file()));
    }
    if (rows.tables().isEmpty() || rows.tables().size() > MOST_TABLES) {
      throw new IllegalArgumentException(
          "there are %d tables, expected 1 to %d".formatted(rows.tables().size(), MOST_TABLES));
    }
    Set<String> names = new HashSet<>();
    for (SqliteRows.Table table : rows.tables()) {
      if (!names.add(table.name())) {
        throw new IllegalArgumentException(
            "table %s is there twice, expected once".formatted(table.name()));
      }
    }
    var _ = Subject.parse(subject + "/x");
    if (subject.length() > LONGEST_SUBJECT) {
      throw new IllegalArgumentException(
          "subject has %d characters, expected at most %d"
              .formatted(subject.length(), LONGEST_SUBJECT));
    }
  }

  @Override
  public String kind() {
    return "sqlite";
  }

  @Override
  public String shown() {
    return rows.file();
  }

  @Override
  public String mark() {
    return rows.mark();
  }

  @Override
  public String unit() {
    return "changes";
  }

  @Override
  public List<TableView> tables() {
    return rows.tables().stream().map(table -> new TableView(table.toString(), "full")).toList();
  }

  @Override
  public List<String> subjects() {
    return rows.tables().stream().map(table -> subject + "/" + table.name()).toList();
  }
}
