package dev.troth.server;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.ChangeJson;
import dev.troth.server.change.Revisions;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.inbox.InboxItem;
import dev.troth.server.inbox.InboxStore;
import dev.troth.server.inbox.Mark;
import dev.troth.server.record.RecordStore;
import dev.troth.server.record.RecordStore.Contents;
import dev.troth.server.record.RecordStore.StoredRecord;
import dev.troth.server.watch.StoredWatch;
import dev.troth.server.watch.WatchBody;
import dev.troth.server.watch.WatchStore;
import dev.troth.server.watch.Watches;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * Watch as one user meets it, for faces of the platform beside the API: the same documents, the
 * same rules, without HTTP. Whoever calls has made sure that the user may.
 */
public final class Watching {
  private final Database database;
  private final RecordStore records;
  private final InboxStore inbox;
  private final WatchStore watches;
  private final Watches desk;
  private final Revisions touches;
  private final ChangeFeed feed;

  /** The stores it works on, as the room has made them. */
  record Stores(RecordStore records, InboxStore inbox, WatchStore watches) {}

  Watching(Database database, Stores stores, Revisions touches, ChangeFeed feed) {
    this.database = database;
    this.records = stores.records();
    this.inbox = stores.inbox();
    this.watches = stores.watches();
    this.desk = new Watches(watches, touches);
    this.touches = touches;
    this.feed = feed;
  }

  /**
   * Where the change log stands.
   *
   * @param epoch the name of the log
   * @param seq its newest committed change
   */
  public record Position(String epoch, long seq) {}

  public Position position() {
    ChangeFeed.Position position = feed.position();
    return new Position(position.epoch(), position.head());
  }

  /** Unread notifications, at most 1,000. */
  public int unread(String user) {
    return database.read(handle -> inbox.unread(handle, user));
  }

  /** Records by rising id. */
  public List<Map<String, Object>> records(int limit) {
    return database.read(
        handle -> records.after(handle, 0, limit).stream().map(StoredRecord::document).toList());
  }

  public Optional<Map<String, Object>> record(long id) {
    return database.read(handle -> records.find(handle, id).map(StoredRecord::document));
  }

  /** The changes of a subject, newest first. */
  public List<Map<String, Object>> changes(Subject subject, int limit) {
    SubjectStore.Range all = new SubjectStore.Range(0, Long.MAX_VALUE);
    return database.read(handle ->
        SubjectStore.changes(handle, new Target.One(subject), all, limit).stream()
            .map(ChangeJson::document)
            .toList());
  }

  /** Notifications that are not done, newest first. */
  public List<Map<String, Object>> inbox(String user, int limit) {
    return database.read(handle ->
        inbox.page(handle, user, Long.MAX_VALUE, limit, mark -> !mark.isDone()).items().stream()
            .map(InboxItem::document)
            .toList());
  }

  public List<Map<String, Object>> watches(String user) {
    return database.read(
        handle -> watches.standing(handle, user).stream().map(WatchBody::document).toList());
  }

  /** Gives a record another value; 404 if there is no such record. */
  public void update(long id, String value, String actor) {
    database.write(handle -> {
      Contents old =
          records
              .find(handle, id)
              .orElseThrow(
                  () -> Problem.notFound("record %d does not exist".formatted(id)).toException())
              .contents();
      Contents contents = Parameters.valid(() -> new Contents(old.name(), value, old.more()));
      return records.put(handle, id, contents, actor);
    });
  }

  /** Watches every change of {@code type/id}, {@code type/*} or {@code *}. */
  public void watch(String user, String target) {
    Target wanted = Parameters.valid(() -> Target.parse(target));
    database.write(handle -> desk.watch(handle, user, wanted, WatchSettings.all()));
  }

  /** Ends a watch; one that is not the user's is as absent as one that never was. */
  public void unwatch(String user, long id) {
    database.write(handle -> {
      StoredWatch own =
          watches
              .find(handle, id)
              .filter(standing -> standing.watch().user().equals(user))
              .orElseThrow(
                  () -> Problem.notFound("watch %d does not exist".formatted(id)).toException());
      desk.unwatch(handle, own);
      return id;
    });
  }

  /** Marks a notification {@code read}, {@code unread} or {@code done}, or takes done back. */
  public void mark(String user, long seq, String mark) {
    UnaryOperator<Mark> change =
        switch (mark) {
          case "read" -> Mark::read;
          case "unread" -> Mark::unread;
          case "done" -> Mark::done;
          case "undo" -> Mark::undone;
          default ->
              throw Problem.badRequest(
                      "mark is %s, expected read, unread, done or undo".formatted(mark))
                  .toException();
        };
    boolean found =
        database.write(handle -> {
          touch(handle, user);
          return inbox.mark(handle, user, seq, change).isPresent();
        });
    if (!found) {
      throw Problem.notFound("notification %d is not in the inbox of %s".formatted(seq, user))
          .toException();
    }
  }

  public void readAll(String user) {
    long head = feed.position().head();
    database.write(handle -> {
      touch(handle, user);
      inbox.readAll(handle, user, head);
      return head;
    });
  }

  private void touch(Handle handle, String user) {
    handle.afterCommit(() -> touches.touch(user));
  }
}
