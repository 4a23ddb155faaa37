package dev.troth.server.why;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ParticipantStore;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.delivery.TrailStore;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.error.DomainException;
import dev.troth.server.watch.StoredWatch;
import dev.troth.server.watch.WatchStore;
import dev.troth.server.watch.WatchView;
import dev.troth.watch.Decision;
import dev.troth.watch.UserWatches;
import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Headline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Explains who was told of a change and why. It asks the very rules by which users are told, so
 * that it cannot say otherwise; what was sent is read from the deliveries.
 */
public final class Explanations {
  private final Database database;
  private final WatchStore watches;
  private final EndpointStore endpoints;
  private final Visibility visibility;

  public Explanations(
      Database database, WatchStore watches, EndpointStore endpoints, Visibility visibility) {
    this.database = database;
    this.watches = watches;
    this.endpoints = endpoints;
    this.visibility = visibility;
  }

  /** Why a user was, or was not, told; everybody may ask about themselves, an admin about all. */
  public Why why(Caller caller, String user, long seq) {
    caller.requireFor(user);
    return database.read(handle -> {
      Change change =
          SubjectStore.change(handle, seq)
              .filter(found -> visibility.to(handle, caller).test(found.subject()))
              .orElseThrow(() -> new DomainException.NotFound(absent(handle, seq)));
      return why(handle, caller, user, change);
    });
  }

  /** The same for a change that the caller may not read as for one that never was. */
  private static String absent(Handle handle, long seq) {
    long purged = SqliteChangeLog.purged(handle);
    return seq <= purged
        ? "change %d is no longer kept, the oldest that is kept comes after %d"
            .formatted(seq, purged)
        : "change %d does not exist".formatted(seq);
  }

  private Why why(Handle handle, Caller caller, String user, Change change) {
    List<StoredWatch> terms = watches.terms(handle, user);
    UserWatches.Decided decided =
        new UserWatches(terms.stream().map(StoredWatch::watch).toList())
            .decide(change, (who, of) -> ParticipantStore.tookPart(handle, who, of));
    boolean visible = visibility.to(handle, caller, user).test(change.subject());
    Optional<Watch> watch = decided.watch();
    Sentence sentence = new Sentence(user, change, terms.stream().map(StoredWatch::watch).toList());
    boolean told = visible && decided.decision() instanceof Decision.Told;
    return new Why(
        change.seq(),
        change.subject().toString(),
        Headline.of(change),
        user,
        told,
        visible ? Sentence.rule(decided.decision()) : "not-readable",
        visible
            ? sentence.of(watch, decided.decision())
            : "%s may not read %s".formatted(user, change.subject()),
        watch.map(found -> view(terms, found)).orElse(null),
        told ? ways(handle, user, change, watch.orElseThrow()) : List.of());
  }

  private static WatchView view(List<StoredWatch> terms, Watch watch) {
    return terms.stream()
        .filter(term -> term.watch().id() == watch.id())
        .findFirst()
        .map(WatchView::of)
        .orElseThrow();
  }

  private List<Why.Way> ways(Handle handle, String user, Change change, Watch watch) {
    Map<String, TrailStore.Sent> sent =
        TrailStore.of(handle, change.seq(), user).stream()
            .collect(
                Collectors.toMap(
                    one -> one.delivery().channel(), Function.identity(), (one, other) -> other));
    boolean waiting = TrailStore.isBeingTold(handle, change.seq());
    List<Why.Way> ways = new ArrayList<>();
    ways.add(way(WatchSettings.INBOX, "told", "it stands in the inbox of " + user));
    for (String channel : watch.wish().channels()) {
      if (channel.equals(WatchSettings.INBOX)) {
        continue;
      }
      TrailStore.Sent found = sent.get(channel);
      if (found != null) {
        ways.add(way(handle, user, found));
      } else if (waiting) {
        ways.add(way(channel, "waiting", "the change is still being told; its turn will come"));
      } else if (channel.equals("console")) {
        ways.add(way(channel, "logged", "it stands in the platform's log"));
      } else {
        ways.add(
            way(
                channel,
                "dropped",
                "nothing is to be sent: the watch was ended, or the right to read lost, before"));
      }
    }
    return ways;
  }

  private Why.Way way(Handle handle, String user, TrailStore.Sent sent) {
    var delivery = sent.delivery();
    Why.Address address =
        endpoints
            .find(handle, user, delivery.channel())
            .map(
                found -> new Why.Address(found.id(), found.health().state(), found.health().note()))
            .orElse(null);
    Instant due = delivery.due();
    return switch (delivery.state()) {
      case PENDING ->
          new Why.Way(
              delivery.channel(),
              "pending",
              delivery.heldBy() != null
                  ? "it waits until %s: %s".formatted(due, delivery.heldBy())
                  : delivery.attempts() == 0
                      ? "it waits for its first attempt"
                      : "attempt %d failed (%s), the next is due at %s"
                          .formatted(delivery.attempts(), delivery.note(), due),
              due,
              address,
              sent.attempts());
      case DELIVERED ->
          settled(sent, address, "the receiver has it: " + delivery.note() + held(sent));
      case SUPPRESSED -> settled(sent, address, "it was not sent: " + delivery.note());
      case SUPERSEDED ->
          settled(sent, address, "it gave way to a newer change: " + delivery.note());
      case DEAD -> settled(sent, address, "it was given up: " + delivery.note());
    };
  }

  /** What held a message before it went, and with what it went. */
  private static String held(TrailStore.Sent sent) {
    String because = sent.delivery().heldBy();
    if (because == null) {
      return "";
    }
    String message = sent.batch().isEmpty() ? "" : ", in message " + sent.batch();
    return " (held by %s%s)".formatted(because, message);
  }

  private static Why.Way settled(
      TrailStore.Sent sent, Why.@Nullable Address address, String detail) {
    return new Why.Way(
        sent.delivery().channel(),
        sent.delivery().state().toString(),
        detail,
        null,
        address,
        sent.attempts());
  }

  private static Why.Way way(String channel, String state, String detail) {
    return new Why.Way(channel, state, detail, null, null, List.of());
  }
}
