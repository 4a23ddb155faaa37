package dev.troth.server.source;

import dev.troth.server.folder.Folder;
import dev.troth.server.rabbit.Queue;
import dev.troth.server.rows.PostgresAddress;
import dev.troth.server.rows.PostgresRows;
import dev.troth.server.rows.SqliteRows;
import dev.troth.server.rows.WatchedTable;
import dev.troth.server.source.SourceView.TableView;
import dev.troth.watch.change.Subject;
import dev.troth.watch.source.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** How a source is read that is followed all the time. */
sealed interface StreamSettings extends SourceSettings {
  /** What bears the name that was made for it; empty where nothing is made. */
  String mark();

  /** What waits there is counted in. */
  String unit();

  /** The tables that are watched, and what is known of a row before an update or a deletion. */
  List<TableView> tables();

  @Override
  default String pointer() {
    return "";
  }

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

    public PostgresSettings {
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

  /**
   * How rows of a SQLite file are watched.
   *
   * @param subject what the subjects of rows begin with
   */
  record SqliteSettings(SqliteRows rows, String subject) implements StreamSettings {
    private static final Pattern MARK = Pattern.compile("[a-z0-9_]{1,50}");
    private static final int MOST_TABLES = 100;
    private static final int LONGEST_SUBJECT = 64;

    public SqliteSettings {
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
      StreamSettings.requireAtMost(LONGEST_SUBJECT, subject);
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

  /**
   * How messages of a queue are read.
   *
   * @param subject what changes are of; with an id, what stands before it. CloudEvents have their
   *     own
   * @param id where in a JSON body the id of its subject is; empty for one subject
   * @param pointer the part of a JSON body whose fields count; empty for all of it
   */
  record QueueSettings(Queue queue, String subject, String id, String pointer)
      implements StreamSettings {
    private static final int LONGEST_SUBJECT = 300;

    public QueueSettings {
      var _ = Subject.parse(id.isEmpty() ? subject : subject + "/x");
      var _ = JsonPointer.parse(id);
      var _ = JsonPointer.parse(pointer);
      StreamSettings.requireAtMost(LONGEST_SUBJECT, subject);
    }

    @Override
    public String kind() {
      return "rabbitmq";
    }

    @Override
    public String shown() {
      return queue.address().shown();
    }

    @Override
    public String mark() {
      return "";
    }

    @Override
    public String unit() {
      return "messages";
    }

    @Override
    public List<TableView> tables() {
      return List.of();
    }
  }

  /**
   * How the files of a folder are watched.
   *
   * @param subject what stands before a file's path
   */
  record FolderSettings(Folder folder, String subject) implements StreamSettings {
    private static final int LONGEST_SUBJECT = 64;
    private static final int LONGEST_PATH = 300;

    public FolderSettings {
      var _ = Subject.parse(subject + "/x");
      StreamSettings.requireAtMost(LONGEST_SUBJECT, subject);
    }

    /** The subject of a file: what a target could not name is percent-encoded. */
    Subject about(String path) {
      StringBuilder name = new StringBuilder();
      path.codePoints()
          .forEach(point -> {
            if (Character.isISOControl(point) || "%*~".indexOf(point) >= 0) {
              name.append("%%%02X".formatted(point));
            } else {
              name.appendCodePoint(point);
            }
          });
      if (name.length() > LONGEST_PATH) {
        String print = UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString();
        return Subject.parse(subject + "/" + name.substring(0, LONGEST_PATH - 50) + "…" + print);
      }
      return Subject.parse(subject + "/" + name);
    }

    @Override
    public String kind() {
      return "files";
    }

    @Override
    public String shown() {
      return folder.path() + (folder.glob().isEmpty() ? "" : "/" + folder.glob());
    }

    @Override
    public String mark() {
      return "";
    }

    @Override
    public String unit() {
      return "files";
    }

    @Override
    public List<TableView> tables() {
      return List.of();
    }
  }

  /** Refuses a subject that leaves no room for what is added to it. */
  private static void requireAtMost(int longest, String subject) {
    if (subject.length() > longest) {
      throw new IllegalArgumentException(
          "subject has %d characters, expected at most %d".formatted(subject.length(), longest));
    }
  }
}
