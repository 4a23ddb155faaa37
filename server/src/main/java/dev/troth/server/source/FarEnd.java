package dev.troth.server.source;

import dev.troth.server.folder.FolderSource;
import dev.troth.server.rabbit.QueueSource;
import dev.troth.server.rows.SlotSource;
import dev.troth.server.rows.SqliteRowSource;
import dev.troth.server.rows.StreamFailure;
import dev.troth.server.source.SourceSettings.HookSettings;
import dev.troth.server.source.Sources.Tested;
import dev.troth.server.source.StreamSettings.FolderSettings;
import dev.troth.server.source.StreamSettings.PostgresSettings;
import dev.troth.server.source.StreamSettings.QueueSettings;
import dev.troth.server.source.StreamSettings.SqliteSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What sources have at their other end: made and dropped by commands, looked at meanwhile. */
final class FarEnd {
  private final SlotSource slots;
  private final SqliteRowSource files;
  private final QueueSource queues;
  private final FolderSource folders;

  FarEnd(SlotSource slots, SqliteRowSource files, QueueSource queues, FolderSource folders) {
    this.slots = slots;
    this.files = files;
    this.queues = queues;
    this.folders = folders;
  }

  /**
   * What was made.
   *
   * @param settings with what was learned
   * @param place where the stream begins; empty of what does not stream
   */
  record Made(SourceSettings settings, String place) {}

  /**
   * The other end as it stands.
   *
   * @param state {@code streaming}, {@code recording}, {@code consuming}, {@code idle}, {@code
   *     missing} or {@code lost}; {@code unreachable} is written where a look fails
   * @param behind how much waits there
   * @param leftOver what bears Troth's name there and serves nobody
   */
  record Look(String state, long behind, List<String> leftOver) {}

  /**
   * Makes what the source needs.
   *
   * @throws StreamFailure when it cannot be; then nothing was made
   */
  Made make(SourceSettings settings) {
    return switch (settings) {
      case PostgresSettings postgres -> {
        SlotSource.Made made = slots.make(postgres.rows());
        yield new Made(
            new PostgresSettings(made.rows(), postgres.subject(), made.system()),
            made.place().toString());
      }
      case SqliteSettings sqlite ->
          new Made(new SqliteSettings(files.make(sqlite.rows()), sqlite.subject()), "0");
      case QueueSettings queue -> {
        requireFree(queue, queues.look(queue.queue()));
        yield new Made(queue, "0");
      }
      case FolderSettings folder -> {
        var _ = folders.scan(folder.folder());
        yield new Made(folder, FolderFollower.FIRST);
      }
      case HttpSettings _, HookSettings _ -> new Made(settings, "");
    };
  }

  /**
   * Drops what was made.
   *
   * @throws StreamFailure when it may be still there
   */
  void drop(SourceSettings settings) {
    switch (settings) {
      case PostgresSettings postgres -> slots.drop(postgres.rows());
      case SqliteSettings sqlite -> files.drop(sqlite.rows());
      case HttpSettings _, HookSettings _, QueueSettings _, FolderSettings _ -> {
        // They have nothing there.
      }
    }
  }

  private static void requireFree(QueueSettings settings, QueueSource.Look look) {
    if (look.consumers() > 0) {
      throw new StreamFailure(
          "%s has %d readers, expected a queue of its own: each message goes to one reader"
              .formatted(settings.shown(), look.consumers()));
    }
  }

  /** How it stands. */
  Look look(StreamSettings settings) {
    return switch (settings) {
      case PostgresSettings postgres -> {
        SlotSource.Slot slot = slots.look(postgres.rows());
        yield new Look(slot.state(), slot.behind(), slot.leftOver());
      }
      case SqliteSettings sqlite -> {
        SqliteRowSource.Look look = files.look(sqlite.rows());
        yield new Look(look.recording() ? "recording" : "missing", look.waiting(), List.of());
      }
      case QueueSettings queue -> {
        QueueSource.Look look = queues.look(queue.queue());
        yield new Look(look.consumers() > 0 ? "consuming" : "idle", look.waiting(), List.of());
      }
      case FolderSettings folder -> {
        var _ = folders.scan(folder.folder());
        yield new Look("watching", 0, List.of());
      }
    };
  }

  private static Tested test(FolderSource.Scan scan) {
    String refused =
        scan.refused().isEmpty() ? "" : "; " + String.join(", ", scan.refused().values());
    return new Tested(true, "%d files count%s".formatted(scan.files().size(), refused), null);
  }

  /** What a test of it says. */
  Tested test(StreamSettings settings) {
    try {
      if (settings instanceof FolderSettings folder) {
        return test(folders.scan(folder.folder()));
      }
      Look look = look(settings);
      boolean works = Set.of("streaming", "idle", "recording", "consuming").contains(look.state());
      List<String> words = new ArrayList<>();
      words.add("%s, %d %s wait".formatted(look.state(), look.behind(), settings.unit()));
      if (!look.leftOver().isEmpty()) {
        words.add("nobody reads " + String.join(", ", look.leftOver()));
      }
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      settings.tables().forEach(table -> fields.put(table.table(), table.identity()));
      return new Tested(works, String.join("; ", words), fields);
    } catch (StreamFailure e) {
      return new Tested(false, e.detail(), null);
    }
  }
}
