package dev.troth.server.delivery;

import dev.troth.server.delivery.ClaimStore.By;
import dev.troth.server.delivery.ClaimStore.Claim;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.terms.TermsStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Target;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.fanout.PendingDelivery;
import dev.troth.watch.terms.Preferences;
import dev.troth.watch.terms.Preferences.Applied;
import dev.troth.watch.terms.Preferences.Counted;
import dev.troth.watch.terms.Ruling;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Picks up what may go to a receiver now, under the terms of its user: single changes, and what was
 * held as one message. The terms are asked when a delivery is written down and again before each
 * attempt, so that a retry does not disturb quiet hours.
 */
public final class Pickup {
  private final TermsStore terms;
  private final ClaimStore claims;
  private final Map<String, Channel> channels;
  private final Clock clock;

  /**
   * @param channels by kind
   */
  public Pickup(
      TermsStore terms, DeliveryStore deliveries, Map<String, Channel> channels, Clock clock) {
    this.terms = terms;
    this.claims = deliveries.claims();
    this.channels = Map.copyOf(channels);
    this.clock = clock;
  }

  /**
   * What goes as one message.
   *
   * @param batch its key; empty for one change by itself
   */
  record Parcel(List<Claim> claims, String batch) {
    Receiver receiver() {
      return claims.getFirst().row().route().receiver();
    }
  }

  /** Writes down what a page could not settle itself, as its users' terms have it. */
  void write(Handle handle, List<PendingDelivery> owed) {
    Instant now = clock.instant();
    Set<String> users =
        owed.stream().map(one -> one.notification().watch().user()).collect(Collectors.toSet());
    Map<String, Preferences> preferences = terms.of(handle, users);
    for (PendingDelivery one : owed) {
      var notification = one.notification();
      Preferences own = preferences.get(notification.watch().user());
      boolean asked = own != null && one.delivery().attempts() == 0;
      Ruling ruling = Ruling.GO;
      if (asked && own != null) {
        Change change = notification.change();
        ruling =
            own.on(change.subject(), notification.watch().target(), notification.channel())
                .first(change.what().urgent(), together(notification.channel()), now);
      }
      DeliveryStore.insert(handle, one, ruling);
    }
  }

  private boolean together(String channel) {
    Channel kind = channels.get(channel.split("/", 2)[0]);
    return kind != null && kind.digests();
  }

  /** Claims at most so many messages that may go to a receiver now. */
  List<Parcel> next(Handle handle, Receiver receiver, Instant now, By by, int most) {
    Optional<Preferences> own = terms.of(handle, receiver.user());
    boolean together = together(receiver.channel());
    List<Parcel> parcels = new ArrayList<>();
    if (together) {
      batch(handle, receiver, own, now, by).ifPresent(parcels::add);
    }
    if (parcels.size() < most) {
      int room = most - parcels.size();
      for (Claim claim : claims.claim(handle, receiver, now, by, room, !together)) {
        if (own.isEmpty() || goes(handle, claim, own.get(), together, now)) {
          parcels.add(new Parcel(List.of(claim), ""));
        }
      }
    }
    return parcels;
  }

  /** What the terms make of a single claim; one that does not go is put back or away. */
  private boolean goes(Handle handle, Claim claim, Preferences own, boolean together, Instant now) {
    Row row = claim.row();
    Asked asked = asked(handle, row, own);
    Ruling ruling =
        row.delivery().attempts() == 0 && !row.hold().isHeld() && row.hold().batch().isEmpty()
            ? asked.applied().first(asked.urgent(), together, now)
            : asked.applied().held(asked.urgent(), now);
    return switch (ruling) {
      case Ruling.Now() -> {
        Optional<Ruling.Later> over = over(handle, row.route().user(), List.of(asked), now);
        over.ifPresentOrElse(
            later -> HeldStore.hold(handle, claim, later),
            // It may arrive before its sender dies: from here on it is a message by itself.
            () -> HeldStore.join(handle, List.of(claim), row.key()));
        yield over.isEmpty();
      }
      case Ruling.Later later -> {
        HeldStore.hold(handle, claim, later);
        yield false;
      }
      case Ruling.Never never -> {
        boolean _ =
            claims.settle(
                handle, claim, row.delivery().suppressed(never.because()), Optional.empty(), now);
        yield false;
      }
    };
  }

  /** A message that the terms are asked about. */
  private record Asked(Applied applied, boolean urgent) {}

  private static Asked asked(Handle handle, Row row, Preferences own) {
    Change change = SqliteFanOutStore.change(handle, row.route().seq());
    Target watched =
        SqliteFanOutStore.target(handle, row.route().watch())
            .orElseGet(() -> new Target.One(change.subject()));
    return new Asked(
        own.on(change.subject(), watched, row.route().channel()), change.what().urgent());
  }

  /** Counts one message towards the limits of all that is in it, unless one of them is reached. */
  private static Optional<Ruling.Later> over(
      Handle handle, String user, List<Asked> message, Instant now) {
    Map<String, Counted> limits = new LinkedHashMap<>();
    boolean limited = false;
    for (Asked asked : message) {
      limited |= asked.applied().isLimited(asked.urgent());
      asked.applied().limits().forEach(limit -> limits.put(limit.name(), limit));
    }
    if (limited) {
      for (Counted limit : limits.values()) {
        if (HeldStore.sent(handle, user, limit, now) >= limit.limit().messages()) {
          Instant until = limit.limit().windowOf(now).plus(limit.limit().per());
          return Optional.of(new Ruling.Later(until, Ruling.Hold.LIMIT, limit.because()));
        }
      }
    }
    limits.values().forEach(limit -> HeldStore.count(handle, user, limit, now));
    return Optional.empty();
  }

  private Optional<Parcel> batch(
      Handle handle, Receiver receiver, Optional<Preferences> own, Instant now, By by) {
    List<Claim> again = HeldStore.again(handle, receiver, now, by);
    boolean first = again.isEmpty();
    if (first && HeldStore.isBehindAnother(handle, receiver, now)) {
      return Optional.empty();
    }
    List<Claim> due = first ? HeldStore.due(handle, receiver, now, by) : again;
    if (due.isEmpty()) {
      return Optional.empty();
    }
    List<Claim> going = new ArrayList<>();
    if (own.isEmpty()) {
      going.addAll(due);
    } else if (!held(handle, due, own.get(), first, now, going)) {
      return Optional.empty();
    }
    String key = first ? keyOf(going) : going.getFirst().row().hold().batch();
    if (first) {
      HeldStore.join(handle, going, key);
    }
    return Optional.of(new Parcel(List.copyOf(going), key));
  }

  /** One that is alone goes as if nothing had held it. */
  private static String keyOf(List<Claim> going) {
    String first = going.getFirst().row().key();
    return going.size() == 1 ? first : first + "_" + going.size();
  }

  /** Puts back what has to wait longer; true if the rest, which is not empty, may go. */
  private static boolean held(
      Handle handle,
      List<Claim> due,
      Preferences own,
      boolean first,
      Instant now,
      List<Claim> going) {
    List<Asked> message = new ArrayList<>();
    Optional<Ruling.Later> later = Optional.empty();
    for (Claim claim : due) {
      Asked asked = asked(handle, claim.row(), own);
      if (asked.applied().held(asked.urgent(), now) instanceof Ruling.Later longer) {
        later = Optional.of(longer);
        if (first) {
          HeldStore.hold(handle, claim, longer);
          continue;
        }
      }
      going.add(claim);
      message.add(asked);
    }
    if (!first && later.isPresent()) {
      // A message that was put together stays together.
      Ruling.Later longer = later.get();
      due.forEach(claim -> HeldStore.hold(handle, claim, longer));
      return false;
    }
    if (going.isEmpty()) {
      return false;
    }
    Optional<Ruling.Later> over = over(handle, going.getFirst().row().route().user(), message, now);
    over.ifPresent(longer -> going.forEach(claim -> HeldStore.hold(handle, claim, longer)));
    return over.isEmpty();
  }

  /** Whether a digest that has these in it leaves the older changes of a subject out. */
  boolean collapses(Handle handle, Row row) {
    return terms
        .of(handle, row.route().user())
        .filter(own -> asked(handle, row, own).applied().collapses())
        .isPresent();
  }

  /** Asks a user's terms again of what they hold; what they let go now goes together. */
  void askAgain(Handle handle, String user, Instant now) {
    Preferences own = terms.of(handle, user).orElseGet(Preferences::none);
    for (Row row : HeldStore.waiting(handle, user)) {
      Asked asked = asked(handle, row, own);
      Ruling ruling = asked.applied().first(asked.urgent(), together(row.route().channel()), now);
      HeldStore.rule(handle, row, ruling, now);
    }
  }
}
