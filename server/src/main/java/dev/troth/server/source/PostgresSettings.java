package dev.troth.server.source;

import dev.troth.server.rows.PostgresAddress;
import dev.troth.server.rows.PostgresRows;
import dev.troth.server.rows.WatchedTable;
import dev.troth.server.source.SourceView.TableView;
import dev.troth.watch.change.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How rows of PostgreSQL are watched.
 *
 * @param subject what the subjects of tables begin with
 * @param system the server's own name; empty until it was asked
 */
record PostgresSettings(PostgresRows rows, String subject, String system)
    implements StreamSettings {
  private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,50}");
  private static final Pattern PASSWORD = Pattern.compile("[^\\p{Cntrl}]{0,1000}");
  private static final int MOST_TABLES = 500;

  PostgresSettings {
    if (!SLOT.matcher(rows.slot()).matches()) {
      throw new IllegalArgumentException(
          "slot is '%s', expected 1 to 50 of a-z, 0-9 and _".formatted(rows.slot()));
    }
    if (!PASSWORD.matcher(rows.password()).matches()) {
      throw new IllegalArgumentException(
          "the password has %d characters or controls, expected at most 1000 and none"
              .formatted(rows.password().length()));
    }
    if (rows.tables().isEmpty() || rows.tables().size() > MOST_TABLES) {
      throw new IllegalArgumentException(
          "there are %d tables, expected 1 to %d".formatted(rows.tables().size(), MOST_TABLES));
    }
    Set<String> names = new HashSet<>();
    for (WatchedTable table : rows.tables()) {
      if (!names.add(table.name())) {
        throw new IllegalArgumentException(
            "table %s is there twice, expected once".formatted(table.name()));
      }
    }
    var _ = Subject.parse(subject + "/x");
    if (subject.length() > 64) {
      throw new IllegalArgumentException(
          "subject has %d characters, expected at most 64".formatted(subject.length()));
    }
  }

  /** Of a request. */
  static PostgresSettings of(
      String url, String password, String slot, List<String> tables, String subject) {
    return new PostgresSettings(
        new PostgresRows(
            PostgresAddress.parse(url),
            password,
            slot,
            tables.stream().map(WatchedTable::parse).toList()),
        subject,
        "");
  }

  @Override
  public String kind() {
    return "postgresql";
  }

  @Override
  public String shown() {
    return rows.address().shown();
  }

  @Override
  public String mark() {
    return rows.slot();
  }

  @Override
  public String unit() {
    return "bytes";
  }

  @Override
  public List<TableView> tables() {
    return rows.tables().stream()
        .map(table -> new TableView(table.toString(), table.identity().toString()))
        .toList();
  }

  @Override
  public List<String> subjects() {
    return rows.tables().stream().map(table -> subject + "/" + table.name()).toList();
  }
}
