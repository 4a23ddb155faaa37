package dev.troth.server.subject;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeView;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.server.statement.Weighed;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** Everything that ever changed, as far as the caller may read of it, and the history of each. */
public final class Subjects {
  /** So many of the newest changes are looked at for one that the caller may read of. */
  private static final int MOST_LOOKED_AT = 200;

  private static final int MOST_TYPES = 100;
  private static final int LOOKED_AT = 2_000;

  /** Of names that begin alike, so many of the type's changes are looked at for one page. */
  private static final int CHANGES_LOOKED_AT = 10_000;

  private static final Duration NEAR = Duration.ofMinutes(30);

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

  /**
   * Subjects with a text in their name, in any case: those whose name or id begins with it first.
   * Of a type with more subjects than {@link #LOOKED_AT} the others are found by their beginning
   * alone.
   */
  public List<SubjectView> find(Caller caller, String text, int limit) {
    return database.read(handle -> {
      Predicate<Subject> visible = visibility.to(handle, caller);
      Map<String, SubjectStore.Row> found = new LinkedHashMap<>();
      add(found, subjects.list(handle, text, "", limit));
      List<String> types = subjects.types(handle, MOST_TYPES);
      for (String type : types) {
        add(found, subjects.list(handle, type + "/" + text, "", limit));
      }
      for (String type : types) {
        if (found.size() < limit) {
          add(found, subjects.holding(handle, type, text, LOOKED_AT));
        }
      }
      return found.values().stream()
          .filter(row -> visible.test(Subject.parse(row.name())))
          .limit(limit)
          .map(SubjectView::of)
          .toList();
    });
  }

  /** What the caller may know of the changes in the half hour before a time. */
  public NearChanges near(Caller caller, Instant time) {
    return database.read(handle -> {
      Weighed<Change> looked = SubjectStore.between(handle, time.minus(NEAR), time, LOOKED_AT);
      List<Change> changes = looked.items();
      Predicate<Subject> visible = visibility.to(handle, caller);
      Map<String, List<Change>> kinds = new LinkedHashMap<>();
      changes.stream()
          .filter(change -> visible.test(change.subject()))
          .forEach(change ->
              kinds
                  .computeIfAbsent(
                      change.subject().type() + " " + change.type(), kind -> new ArrayList<>())
                  .add(change));
      Instant from =
          changes.size() < LOOKED_AT && !looked.isCut() ? time.minus(NEAR) : changes.getLast().at();
      return new NearChanges(
          kinds.values().stream()
              .map(kind -> new NearChanges.Group(ChangeView.of(kind.getFirst()), kind.size()))
              .sorted(Comparator.comparingInt(NearChanges.Group::count))
              .toList(),
          from);
    });
  }

  /** The types of all subjects, as far as they are looked at. */
  public List<String> types() {
    return database.read(handle -> subjects.types(handle, MOST_TYPES));
  }

  private static void add(Map<String, SubjectStore.Row> found, List<SubjectStore.Row> rows) {
    rows.forEach(row -> found.putIfAbsent(row.name(), row));
  }

  /** One subject with its watchers; one that the caller may not read never changed. */
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
                      MOST_LOOKED_AT)
                  .items()
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
      OptionalLong oldest =
          target instanceof Target.Collection(String type, String prefix) && !prefix.isEmpty()
              ? SubjectStore.oldestOf(handle, type, before, CHANGES_LOOKED_AT)
              : OptionalLong.empty();
      SubjectStore.Range range = new SubjectStore.Range(oldest.orElse(1) - 1, before);
      Weighed<Change> read = SubjectStore.changes(handle, target, range, limit);
      List<Change> found = read.items();
      Predicate<Subject> visible = visibility.to(handle, caller);
      OptionalLong next =
          found.size() == limit || read.isCut() ? OptionalLong.of(found.getLast().seq()) : oldest;
      return new Items<>(
          found.stream()
              .filter(change -> visible.test(change.subject()))
              .map(ChangeView::of)
              .toList(),
          next.isPresent() ? (Long) next.getAsLong() : null);
    });
  }
}
