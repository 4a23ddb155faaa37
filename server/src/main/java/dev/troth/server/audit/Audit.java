package dev.troth.server.audit;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.QuietAct;
import dev.troth.server.auth.QuietActStore;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ActStore;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who did what, newest first, for admins. A page looks at a bounded number of acts, however long
 * the log is, so it may hold fewer than the limit and still have a next.
 */
public final class Audit {
  private static final int MOST_LOOKED_AT = 2_000;

  private final Database database;
  private final QuietActStore quiet;

  public Audit(Database database, QuietActStore quiet) {
    this.database = database;
    this.quiet = quiet;
  }

  /**
   * What is asked for.
   *
   * @param target what concerns it alone, and no sign-ins
   * @param since from this time on
   * @param until before this time
   */
  public record Question(
      Optional<String> user,
      Optional<Target> target,
      Optional<Instant> since,
      Optional<Instant> until) {}

  /** Where a page goes on: before a change and before a sign-in. */
  record Place(long seq, long signIn) {
    static final Place NEWEST = new Place(Long.MAX_VALUE, Long.MAX_VALUE);

    /** {@code 120.33}. */
    static Place parse(String text) {
      String[] parts = text.split("\\.", -1);
      try {
        if (parts.length == 2) {
          return new Place(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
        }
      } catch (NumberFormatException wrong) {
        // Told below, with the value.
      }
      throw new DomainException.Invalid(
          "before is '%s', expected the next of a former page".formatted(text));
    }

    @Override
    public String toString() {
      return seq + "." + signIn;
    }
  }

  /** A page of acts before a place. */
  public Items<AuditEntry> list(
      Caller caller, Question question, Optional<String> before, int limit) {
    caller.require(Role.ADMIN);
    Place place = before.map(Place::parse).orElse(Place.NEWEST);
    quiet.flush();
    return database.read(handle -> page(handle, question, place, limit));
  }

  private Items<AuditEntry> page(Handle handle, Question question, Place place, int limit) {
    Acts acts = acts(handle, question, place.seq(), limit);
    // Where some of them are left out, more are looked at than the page can show.
    int most =
        question.target().isPresent() || question.until().isPresent() ? MOST_LOOKED_AT : limit + 1;
    List<QuietAct> events =
        quiet.newest(
            handle, question.user(), question.since().orElse(Instant.EPOCH), place.signIn(), most);
    boolean areWhole = events.size() < most;
    Instant eventsTo = areWhole ? Instant.MIN : events.getLast().at();
    List<AuditEntry> entries = new ArrayList<>();
    int act = 0;
    int event = 0;
    long seq = place.seq();
    long signIn = place.signIn();
    while (entries.size() < limit) {
      boolean actLeft = act < acts.found().size();
      boolean eventLeft = event < events.size();
      // Beyond what was looked at there may be acts that are newer than the next sign-in.
      Instant nextAct =
          actLeft ? acts.found().get(act).at() : acts.isWhole() ? Instant.MIN : acts.lookedTo();
      if (eventLeft && (!actLeft || events.get(event).at().isAfter(nextAct))) {
        QuietAct next = events.get(event);
        if (!actLeft && !next.at().isAfter(nextAct)) {
          break;
        }
        event++;
        signIn = next.id();
        if (question.until().filter(end -> !next.at().isBefore(end)).isEmpty()
            && question.target().filter(target -> !concerns(target, next.target())).isEmpty()) {
          entries.add(AuditEntry.of(next));
        }
      } else if (actLeft && (eventLeft || !nextAct.isBefore(eventsTo))) {
        Change next = acts.found().get(act++);
        seq = next.seq();
        entries.add(AuditEntry.of(next));
      } else {
        break;
      }
    }
    if (act == acts.found().size() && !acts.isWhole()) {
      seq = acts.lookedToSeq();
    }
    boolean more =
        act < acts.found().size() || !acts.isWhole() || event < events.size() || !areWhole;
    return new Items<>(entries, more ? new Place(seq, signIn).toString() : null);
  }

  /** Whether what was watched or marked is what is asked for, or among it. */
  private static boolean concerns(Target asked, String target) {
    return asked.toString().equals(target)
        || (!target.isEmpty()
            && Target.parse(target) instanceof Target.One(Subject subject)
            && asked.covers(subject));
  }

  /**
   * Acts that were found.
   *
   * @param isWhole whether there are no more behind them
   */
  private record Acts(List<Change> found, boolean isWhole, long lookedToSeq, Instant lookedTo) {}

  private static Acts acts(Handle handle, Question question, long before, int limit) {
    long from = 0;
    long end = before;
    if (question.since().isPresent()) {
      from = ActStore.firstSince(handle, question.since().get()).orElse(Long.MAX_VALUE);
    }
    if (question.until().isPresent()) {
      end = Math.min(end, ActStore.lastBefore(handle, question.until().get()).orElse(-1) + 1);
    }
    int most = question.target().isPresent() ? MOST_LOOKED_AT : limit + 1;
    Weighed<Change> read = ActStore.newest(handle, question.user(), from, end, most);
    List<Change> looked = read.items();
    List<Change> found =
        looked.stream()
            .filter(change ->
                question.target().filter(target -> !target.covers(change.subject())).isEmpty())
            .toList();
    return looked.isEmpty()
        ? new Acts(List.of(), true, before, Instant.MIN)
        : new Acts(
            found,
            looked.size() < most && !read.isCut(),
            looked.getLast().seq(),
            looked.getLast().at());
  }
}
