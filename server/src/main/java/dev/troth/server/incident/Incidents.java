package dev.troth.server.incident;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.history.FigureStore;
import dev.troth.server.history.Remembered;
import dev.troth.slo.alert.AlertMemory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What people ask about incidents, and say of them: who looks after one, and who silenced it. */
public final class Incidents {
  /** A silence beyond it is an objective that nobody wants. */
  private static final Duration LONGEST = Duration.ofDays(31);

  private static final int LONGEST_REASON = 500;

  /** Something that a reader sees: no blank of any kind, and no character without a shape. */
  private static final Pattern VISIBLE = Pattern.compile("[^\\p{Z}\\p{C}\\s]");

  private final Database database;
  private final AlertTeller teller;
  private final Paging paging;
  private final Clock clock;
  private final IncidentStore store = new IncidentStore();
  private final HoldStore holds = new HoldStore();
  private final FigureStore figures = new FigureStore();

  public Incidents(Database database, AlertTeller teller, Paging paging, Clock clock) {
    this.database = database;
    this.teller = teller;
    this.paging = paging;
    this.clock = clock;
  }

  /**
   * A page of incidents, newest first.
   *
   * @param open how many go on, on this page or not
   * @param asOf the instant of what they say, which shows the same again
   */
  public record IncidentPage(
      List<IncidentView> incidents, @Nullable String next, int open, @Nullable Instant asOf) {}

  /** The newest of those that go on, and how many do. */
  public record Open(List<IncidentView> newest, int count) {}

  /** Incidents, newest first; {@code before} is the {@code next} of the page before. */
  public IncidentPage list(Optional<String> objective, Place before, int limit) {
    return database.read(handle -> {
      List<IncidentView> found =
          shown(handle, store.incidents(handle, objective, before, limit + 1));
      boolean more = found.size() > limit;
      List<IncidentView> page = more ? found.subList(0, limit) : found;
      return new IncidentPage(
          page,
          next(page, more),
          store.countOpen(handle, objective),
          figures.settled(handle).orElse(null));
    });
  }

  private static @Nullable String next(List<IncidentView> page, boolean more) {
    return more ? Place.after(page.getLast()).toString() : null;
  }

  /** The same at an instant that is over. */
  public IncidentPage list(Optional<String> objective, Place before, int limit, Instant at) {
    return database.read(handle -> {
      figures.require(handle, at, clock.instant());
      Place last = before.notAfter(at.toEpochMilli());
      List<IncidentView> stored = store.incidents(handle, objective, last, limit + 1);
      boolean more = stored.size() > limit;
      List<IncidentView> page = more ? stored.subList(0, limit) : stored;
      return new IncidentPage(
          page.stream().flatMap(one -> asOf(handle, one, at).stream()).toList(),
          next(page, more),
          openAt(handle, objective, at).size(),
          at);
    });
  }

  /** Incidents of an objective and of its groups, or of all, that went on at an instant. */
  public Open open(Optional<String> objective, int limit, Instant at) {
    return database.read(handle -> {
      figures.require(handle, at, clock.instant());
      List<IncidentView> all = openAt(handle, objective, at);
      return new Open(all.stream().limit(limit).toList(), all.size());
    });
  }

  private List<IncidentView> openAt(Handle handle, Optional<String> objective, Instant at) {
    return store.openAt(handle, at).stream()
        .filter(one -> objective.isEmpty() || one.objective().equals(objective.get()))
        .flatMap(one -> asOf(handle, one, at).stream())
        .filter(one -> one.state() == IncidentView.State.OPEN)
        .toList();
  }

  /** One at an instant that is over, by what its objective remembered; empty if it was not yet. */
  private Optional<IncidentView> asOf(Handle handle, IncidentView one, Instant at) {
    Optional<AlertMemory> kept = figures.find(handle, one.objective(), at).map(Remembered::alerts);
    AlertMemory memory = kept.orElseGet(() -> AlertMemory.fresh(0));
    // What groups of objectives remembered is not kept, nor what one that is gone did: their
    // times alone tell.
    boolean open =
        one.group() == null && kept.isPresent()
            ? memory.incident().equals(one.id())
            : !one.openedAt().isAfter(at)
                && (one.resolvedAt() == null || one.resolvedAt().isAfter(at));
    if (!open && one.openedAt().getEpochSecond() >= at.getEpochSecond()) {
      return Optional.empty();
    }
    List<IncidentStore.StoredAlert> all = store.alertsOf(handle, one.id());
    List<IncidentStore.StoredAlert> fired =
        all.stream().filter(alert -> alert.hadFired(at, memory)).toList();
    // The newest evidence names the causes, and the worst alert the severity.
    return Optional.of(
        one.asOf(
            open,
            fired.stream().map(IncidentStore.StoredAlert::severity),
            fired.size() == all.size() ? one.causes() : fired.getLast().evidence().causes()));
  }

  /** Incidents of an objective and of its groups, or of all, that go on, newest first. */
  public Open open(Optional<String> objective, int limit) {
    return database.read(handle ->
        new Open(
            shown(handle, store.open(handle, objective, limit)),
            store.countOpen(handle, objective)));
  }

  public Optional<IncidentView> incident(String id) {
    return database.read(handle -> incident(handle, id));
  }

  private Optional<IncidentView> incident(Handle handle, String id) {
    return store.incident(handle, id).map(one -> shown(handle, List.of(one)).getFirst());
  }

  private List<IncidentView> shown(Handle handle, List<IncidentView> incidents) {
    Map<String, Holds> said =
        of(handle, incidents.stream().map(IncidentView::id).collect(Collectors.toSet()));
    return incidents.stream()
        .map(one -> one.with(said.getOrDefault(one.id(), Holds.NONE)))
        .toList();
  }

  /** What was said of some incidents and still holds. */
  public Map<String, Holds> of(Handle handle, Set<String> incidents) {
    return holds.of(handle, new LinkedHashSet<>(incidents), clock.instant());
  }

  /**
   * The newest alerts of an objective and of its groups as they stood at an instant, when it
   * remembered this.
   */
  public List<AlertView> alerts(
      Handle handle, String objective, int limit, Instant at, AlertMemory memory) {
    // Two more, since one of each severity may be of the second that goes on.
    return store.alerts(handle, objective, at, limit + 2).stream()
        .flatMap(alert -> alert.asOf(at, memory).stream())
        .limit(limit)
        .toList();
  }

  /**
   * What is said of an incident.
   *
   * @param length how long it holds from now on
   * @param until the time that was named instead of a length
   */
  public record Wish(Hold.Kind kind, Duration length, Optional<Instant> until, String reason) {
    /** From now on. */
    public Wish(Hold.Kind kind, Duration length, String reason) {
      this(kind, length, Optional.empty(), reason);
    }

    public Wish {
      if (length.compareTo(Duration.ofMinutes(1)) < 0 || length.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "time is %s from now, expected 1m to 31d".formatted(brief(length)));
      }
      if (reason.length() > LONGEST_REASON) {
        throw new IllegalArgumentException(
            "reason has %d characters, expected at most %d"
                .formatted(reason.length(), LONGEST_REASON));
      }
      if (reason.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("reason has a control character, expected one line");
      }
      if (kind == Hold.Kind.SILENCED && !VISIBLE.matcher(reason).find()) {
        throw new IllegalArgumentException("reason is empty, expected why nobody is to be told");
      }
    }

    private static String brief(Duration length) {
      return length.truncatedTo(ChronoUnit.SECONDS).toString();
    }
  }

  /** Somebody looks after an incident, or silences it, until a time. */
  public IncidentView hold(Caller caller, String id, Wish wish) {
    requireMember(caller);
    return database.write(handle -> {
      IncidentView incident = require(handle, id);
      if (!store.isOpen(handle, id)) {
        throw new DomainException.Conflict(
            "incident %s is over, expected an open one".formatted(id));
      }
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      Optional<Hold> before = holds.find(handle, id, wish.kind());
      before.ifPresent(hold -> requireOwn(caller, hold));
      Hold hold =
          new Hold(
              id,
              incident.key().toString(),
              wish.kind(),
              incident.severity(),
              caller.user(),
              wish.reason().strip(),
              before.map(Hold::began).orElse(now),
              before.filter(said -> said.by().equals(caller.user())).map(Hold::at).orElse(now),
              wish.until().orElse(now.plus(wish.length())).truncatedTo(ChronoUnit.SECONDS));
      holds.put(handle, hold);
      teller.changes().said(handle, before, hold);
      paging.acknowledged(
          handle, AlertTeller.subject(hold), AlertTeller.group(hold), caller.user());
      return incident(handle, id).orElseThrow();
    });
  }

  /** Ends what somebody said of an incident; what still burns is told. */
  public IncidentView release(Caller caller, String id, Hold.Kind kind) {
    requireMember(caller);
    return database.write(handle -> {
      var _ = require(handle, id);
      Hold hold =
          holds
              .find(handle, id, kind)
              .orElseThrow(
                  () -> new DomainException.NotFound("incident %s is not %s".formatted(id, kind)));
      requireOwn(caller, hold);
      if (!teller.end(handle, hold, caller.user(), clock.instant())) {
        throw new DomainException.NotFound("incident %s is not %s".formatted(id, kind));
      }
      return incident(handle, id).orElseThrow();
    });
  }

  private static void requireMember(Caller caller) {
    if (!caller.has(Role.MEMBER)) {
      throw new DomainException.Forbidden(
          "role of %s is %s, expected member".formatted(caller.user(), caller.role()));
    }
  }

  private static void requireOwn(Caller caller, Hold hold) {
    if (!caller.mayActFor(hold.by())) {
      throw new DomainException.Forbidden(
          "incident %s was %s by %s, expected %s or an admin's token"
              .formatted(hold.incident(), hold.kind(), hold.by(), hold.by()));
    }
  }

  private IncidentView require(Handle handle, String id) {
    return store
        .incident(handle, id)
        .orElseThrow(() -> new DomainException.NotFound("there is no incident '%s'".formatted(id)));
  }
}
