package dev.troth.server.record;

import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.server.record.RecordStore.Contents;
import dev.troth.server.record.RecordStore.StoredRecord;
import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * Records: reading them, and writing them so that each write is a change. Whoever calls has made
 * sure that the user may.
 */
public final class Records {
  private final Database database;
  private final RecordStore store;
  private final Created created;

  /** What happens in the transaction in which a user creates a record. */
  @FunctionalInterface
  public interface Created {
    void created(Handle handle, String user, Subject record);
  }

  public Records(Database database, RecordStore store, Created created) {
    this.database = database;
    this.store = store;
    this.created = created;
  }

  /**
   * What a write came to.
   *
   * @param created whether there was no such record before
   */
  public record Written(RecordView record, boolean created) {}

  /** The name by which a record is watched. */
  public static Subject subjectOf(long id) {
    return new Subject("record", Long.toString(id));
  }

  /** Records after an id, by rising id: as many as may be held, at most so many. */
  public Items<RecordView> after(long id, int limit) {
    Weighed<StoredRecord> read = database.read(handle -> store.after(handle, id, limit + 1));
    return page(read, limit, RecordView::of, RecordView::id);
  }

  /** Changes of a record before a sequence, the newest first; pages as those of {@link #after}. */
  public Items<RecordChange> changes(long id, long before, int limit) {
    SubjectStore.Range all = new SubjectStore.Range(0, before);
    Target target = new Target.One(subjectOf(id));
    Weighed<Change> read =
        database.read(handle -> SubjectStore.changes(handle, target, all, limit + 1));
    return page(read, limit, RecordChange::of, RecordChange::seq);
  }

  /** Of one row more than a page has, which says whether there is another page. */
  private static <R, V> Items<V> page(
      Weighed<R> read, int limit, Function<R, V> view, Function<V, Long> place) {
    List<V> shown = read.items().stream().limit(limit).map(view).toList();
    boolean more = read.isCut() || read.items().size() > limit;
    return new Items<>(shown, more ? place.apply(shown.getLast()) : null);
  }

  public RecordView get(long id) {
    return database.read(handle -> get(handle, id));
  }

  public RecordView get(Handle handle, long id) {
    return RecordView.of(require(handle, id));
  }

  /** Adds a record under a new id. */
  public RecordView add(Handle handle, Contents contents, String actor) {
    RecordView added = RecordView.of(store.add(handle, contents, actor));
    created.created(handle, actor, subjectOf(added.id()));
    return added;
  }

  /**
   * Writes a record whole, whether it was there or not. The same contents again are no change.
   *
   * @param precondition looks at the record as it stands, and throws if it is not as expected
   */
  public Written put(
      Handle handle,
      long id,
      Contents contents,
      String actor,
      Consumer<Optional<RecordView>> precondition) {
    Optional<StoredRecord> before = store.find(handle, id);
    precondition.accept(before.map(RecordView::of));
    StoredRecord put = DomainException.valid(() -> store.put(handle, id, before, contents, actor));
    return new Written(RecordView.of(put), before.isEmpty());
  }

  /** Changes what a record holds. */
  public RecordView change(
      Handle handle,
      long id,
      UnaryOperator<Contents> change,
      String actor,
      Consumer<Optional<RecordView>> precondition) {
    StoredRecord before = require(handle, id);
    precondition.accept(Optional.of(RecordView.of(before)));
    Contents contents = DomainException.valid(() -> change.apply(before.contents()));
    return RecordView.of(store.put(handle, id, Optional.of(before), contents, actor));
  }

  /** Gives a record another value. */
  public RecordView update(Handle handle, long id, String value, String actor) {
    return change(
        handle, id, old -> new Contents(old.name(), value, old.more()), actor, before -> {});
  }

  /** Gives a record another value, in a transaction of its own. */
  public RecordView update(long id, String value, String actor) {
    return database.write(handle -> update(handle, id, value, actor));
  }

  public void delete(
      Handle handle, long id, String actor, Consumer<Optional<RecordView>> precondition) {
    StoredRecord record = require(handle, id);
    precondition.accept(Optional.of(RecordView.of(record)));
    store.delete(handle, record, actor);
  }

  private StoredRecord require(Handle handle, long id) {
    return store
        .find(handle, id)
        .orElseThrow(() -> new DomainException.NotFound("record %d does not exist".formatted(id)));
  }
}
