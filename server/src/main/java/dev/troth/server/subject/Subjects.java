package dev.troth.server.subject;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeView;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** Everything that ever changed, as far as the caller may read of it, and the history of each. */
public final class Subjects {
  /** So many of the newest changes are looked at for one that the caller may read of. */
  private static final int LOOKED_AT = 200;

  private final Database database;
  private final SubjectStore subjects;
  private final WatchStore watches;
  private final Visibility visibility;

  public Subjects(
      Database database, SubjectStore subjects, WatchStore watches, Visibility visibility) {
    this.database = database;
    this.subjects = subjects;
    this.watches = watches;
    this.visibility = visibility;
  }

  /**
   * Subjects whose name begins with a prefix, by name. A page may hold fewer than the limit and
   * still have a next: the others are not for the caller.
   */
  public Items<SubjectView> list(Caller caller, String prefix, String after, int limit) {
    return database.read(handle -> {
      List<SubjectStore.Row> rows = subjects.list(handle, prefix, after, limit);
      Predicate<Subject> visible = visibility.to(handle, caller);
      return new Items<>(
          rows.stream()
              .filter(row -> visible.test(Subject.parse(row.name())))
              .map(SubjectView::of)
              .toList(),
          rows.size() == limit ? rows.getLast().name() : null);
    });
  }

  /** One subject with its watchers; one that the caller may not read of never changed. */
  public SubjectView one(Caller caller, Subject subject) {
    return database
        .read(handle -> view(handle, caller, subject))
        .orElseThrow(
            () -> new DomainException.NotFound("subject %s never changed".formatted(subject)));
  }

  private Optional<SubjectView> view(Handle handle, Caller caller, Subject subject) {
    if (!visibility.to(handle, caller).test(subject)) {
      return Optional.empty();
    }
    return subjects
        .find(handle, subject)
        .map(row ->
            SubjectView.of(row)
                .watched(
                    watches.watchers(handle, subject),
                    watches.find(handle, caller.user(), new Target.One(subject)).isPresent()));
  }

  /** A change, or the newest of the last that the caller may read of. */
  public Change change(Caller caller, Optional<Long> seq) {
    return database.read(handle -> {
      Predicate<Subject> visible = visibility.to(handle, caller);
      Optional<Change> found =
          seq.isPresent()
              ? SubjectStore.change(handle, seq.get())
              : SubjectStore.changes(
                      handle,
                      new Target.Everything(),
                      new SubjectStore.Range(0, Long.MAX_VALUE),
                      LOOKED_AT)
                  .stream()
                  .filter(change -> visible.test(change.subject()))
                  .findFirst();
      return found
          .filter(change -> visible.test(change.subject()))
          .orElseThrow(() ->
              new DomainException.NotFound(
                  seq.map("change %d does not exist"::formatted)
                      .orElse("nothing has changed yet, expected a change to show")));
    });
  }

  /** The changes of a target, newest first; pages as those of {@link #list}. */
  public Items<ChangeView> changes(Caller caller, Target target, long before, int limit) {
    return database.read(handle -> {
      List<Change> found =
          SubjectStore.changes(handle, target, new SubjectStore.Range(0, before), limit);
      Predicate<Subject> visible = visibility.to(handle, caller);
      return new Items<>(
          found.stream()
              .filter(change -> visible.test(change.subject()))
              .map(ChangeView::of)
              .toList(),
          found.size() == limit ? found.getLast().seq() : null);
    });
  }
}
