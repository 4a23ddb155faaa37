package dev.troth.server.source;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.event.Events;
import dev.troth.server.folder.Folder;
import dev.troth.server.rabbit.Queue;
import dev.troth.server.rabbit.QueueAddress;
import dev.troth.server.rows.SqliteRows;
import dev.troth.server.source.SourceSettings.HookSettings;
import dev.troth.server.source.StreamSettings.FolderSettings;
import dev.troth.server.source.StreamSettings.PostgresSettings;
import dev.troth.server.source.StreamSettings.QueueSettings;
import dev.troth.server.source.StreamSettings.SqliteSettings;
import dev.troth.watch.change.Subject;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked for; what is absent is a minute, the subject {@code http/name}, all of it. */
public record SourceRequest(
    @Nullable String name,
    @Nullable String kind,
    @Nullable String url,
    @Nullable Long every,
    @Nullable String subject,
    @Nullable String pointer,
    @Nullable Map<String, String> headers,
    @Nullable HookRequest hook,
    @Nullable RowsRequest rows,
    @Nullable QueueRequest queue,
    @Nullable String glob,
    @Nullable String select) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final long USUAL_SECONDS = 60;
  private static final RowsRequest NO_ROWS = new RowsRequest(null, null, null);
  private static final String QUEUE_ALONE = "queue is given, expected it for rabbitmq alone";

  /**
   * What is asked for besides of webhooks that come in.
   *
   * @param scheme {@code github} or {@code standard}
   * @param id where in a document the id of its subject is
   */
  public record HookRequest(
      @Nullable String scheme, @Nullable String secret, @Nullable String id) {}

  /**
   * What is asked for besides of rows.
   *
   * @param tables such as {@code public.orders} or {@code public.orders(status, total)}
   * @param password absent for the one of {@code ~/.pgpass}
   * @param slot the replication slot's name; {@code troth_NAME} if absent
   */
  public record RowsRequest(
      @Nullable List<String> tables, @Nullable String password, @Nullable String slot) {
    /** Without the password. */
    @Override
    public String toString() {
      return "rows of %s by slot %s".formatted(tables, slot);
    }
  }

  /**
   * What is asked for besides of a queue.
   *
   * @param authority certificates in PEM that vouch for the broker; absent for those Java trusts
   * @param id where in a message the id of its subject is
   */
  public record QueueRequest(
      @Nullable String password, @Nullable String authority, @Nullable String id) {
    /** Without the password. */
    @Override
    public String toString() {
      return "a queue with ids at %s".formatted(id);
    }
  }

  String nameOrEmpty() {
    return requireNonNullElse(name, "");
  }

  SourceSettings settings() {
    if (!NAME.matcher(nameOrEmpty()).matches()) {
      throw new IllegalArgumentException(
          "name is '%s', expected 1 to 64 of a-z, 0-9 and . _ -".formatted(nameOrEmpty()));
    }
    String word = requireNonNullElse(kind, "http");
    if (glob != null && !word.equals("files")) {
      throw new IllegalArgumentException("glob is given, expected it for files alone");
    }
    if (select != null && !word.equals("http")) {
      throw new IllegalArgumentException("select is given, expected it for http alone");
    }
    return switch (word) {
      case "http" -> ofHttp();
      case "webhook" -> ofHook();
      case "postgresql" -> ofPostgres();
      case "sqlite" -> ofSqlite();
      case "rabbitmq" -> ofQueue();
      case "files" -> ofFolder();
      default ->
          throw new IllegalArgumentException(
              "kind is '%s', expected http, webhook, postgresql, sqlite, rabbitmq or files"
                  .formatted(word));
    };
  }

  private static void requireAbsent(@Nullable Object part, String what) {
    if (part != null) {
      throw new IllegalArgumentException(what);
    }
  }

  private SourceSettings ofHook() {
    HookRequest asked = requireNonNullElse(hook, new HookRequest(null, null, null));
    requireAbsent(queue, QUEUE_ALONE);
    if (url != null || every != null || headers != null || rows != null) {
      throw new IllegalArgumentException(
          "url, every, headers or rows are given, expected none of them for a webhook");
    }
    HookSettings settings =
        new HookSettings(
            nameOrEmpty(),
            HookSettings.Scheme.parse(requireNonNullElse(asked.scheme(), "")),
            requireNonNullElse(asked.secret(), ""),
            null,
            requireNonNullElse(subject, "hook/" + name),
            requireNonNullElse(asked.id(), ""),
            requireNonNullElse(pointer, ""));
    Events.requireNotOurs(
        Subject.parse(settings.id().isEmpty() ? settings.subject() : settings.subject() + "/x"));
    return settings;
  }

  private SourceSettings ofHttp() {
    requireAbsent(hook, "hook is given, expected it for a webhook alone");
    requireAbsent(rows, "rows is given, expected it for a database alone");
    requireAbsent(queue, QUEUE_ALONE);
    HttpSettings settings =
        new HttpSettings(
            requireNonNullElse(url, ""),
            requireNonNullElse(every, USUAL_SECONDS),
            requireNonNullElse(subject, "http/" + name),
            requireNonNullElse(pointer, ""),
            requireNonNullElse(headers, Map.of()),
            select);
    Events.requireNotOurs(settings.about());
    return settings;
  }

  private RowsRequest rowsOnly() {
    if (hook != null || every != null || headers != null || pointer != null) {
      throw new IllegalArgumentException(
          "hook, every, headers or pointer are given, expected none of them for rows");
    }
    return requireNonNullElse(rows, NO_ROWS);
  }

  private String mark() {
    return "troth_" + nameOrEmpty().replaceAll("[.-]", "_");
  }

  private SourceSettings ofSqlite() {
    RowsRequest asked = rowsOnly();
    requireAbsent(queue, QUEUE_ALONE);
    requireAbsent(asked.password(), "a password is given, expected none for a file");
    SqliteSettings settings =
        new SqliteSettings(
            new SqliteRows(
                requireNonNullElse(url, ""),
                requireNonNullElse(asked.slot(), mark()),
                requireNonNullElse(asked.tables(), List.<String>of()).stream()
                    .map(SqliteRows.Table::parse)
                    .toList()),
            requireNonNullElse(subject, "table"));
    Events.requireNotOurs(Subject.parse(settings.subject() + "/x"));
    return settings;
  }

  private SourceSettings ofFolder() {
    if (rowsOnly() != NO_ROWS || queue != null) {
      throw new IllegalArgumentException(
          "rows or queue are given, expected none of them for files");
    }
    FolderSettings settings =
        new FolderSettings(
            new Folder(requireNonNullElse(url, ""), requireNonNullElse(glob, "")),
            requireNonNullElse(subject, "file/" + name));
    Events.requireNotOurs(settings.about("x"));
    return settings;
  }

  private SourceSettings ofQueue() {
    if (hook != null || every != null || headers != null || rows != null) {
      throw new IllegalArgumentException(
          "hook, every, headers or rows are given, expected none of them for a queue");
    }
    QueueRequest asked = requireNonNullElse(queue, new QueueRequest(null, null, null));
    QueueSettings settings =
        new QueueSettings(
            new Queue(
                QueueAddress.parse(requireNonNullElse(url, "")),
                requireNonNullElse(asked.password(), ""),
                requireNonNullElse(asked.authority(), "")),
            requireNonNullElse(subject, "queue/" + name),
            requireNonNullElse(asked.id(), ""),
            requireNonNullElse(pointer, ""));
    Events.requireNotOurs(
        Subject.parse(settings.id().isEmpty() ? settings.subject() : settings.subject() + "/x"));
    return settings;
  }

  private SourceSettings ofPostgres() {
    requireAbsent(queue, QUEUE_ALONE);
    RowsRequest asked = rowsOnly();
    PostgresSettings settings =
        PostgresSettings.of(
            requireNonNullElse(url, ""),
            requireNonNullElse(asked.password(), ""),
            requireNonNullElse(asked.slot(), mark()),
            requireNonNullElse(asked.tables(), List.of()),
            requireNonNullElse(subject, "table"));
    Events.requireNotOurs(Subject.parse(settings.subject() + "/x"));
    return settings;
  }
}
