package dev.troth.watch.terms;

import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.change.TitleTemplate;
import dev.troth.watch.terms.Ruling.Hold;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All preferences of one user. Each term is taken from the narrowest preference that has it: a
 * watch before a type before all, and within one of them a channel before its kind before every
 * channel.
 *
 * <pre>{@code
 * Ruling ruling = preferences.on(change.subject(), watch.target(), "email").first(urgent, now);
 * }</pre>
 */
public final class Preferences {
  /** However rare a digest is, what it holds keeps the log from being trimmed no longer. */
  private static final Duration LONGEST_HOLD = Duration.ofDays(31);

  private final ZoneId zone;
  private final Map<String, Preference> byPlace = new HashMap<>();

  /**
   * @param zone the user's, in which quiet hours and digests are meant
   */
  public Preferences(ZoneId zone, List<Preference> all) {
    this.zone = zone;
    all.forEach(one -> byPlace.put(place(one.scope(), one.channel()), one));
  }

  /** Nobody said anything: all is sent at once. */
  public static Preferences none() {
    return new Preferences(ZoneOffset.UTC, List.of());
  }

  private static String place(Scope scope, String channel) {
    return channel + " " + scope;
  }

  /** The terms of one message. */
  public Applied on(Subject subject, Target watched, String channel) {
    List<Preference> covering = new ArrayList<>();
    int slash = channel.indexOf('/');
    for (Scope scope : Scope.covering(subject, watched)) {
      add(covering, scope, channel);
      if (slash > 0) {
        add(covering, scope, channel.substring(0, slash));
      }
      add(covering, scope, Preference.EVERY_CHANNEL);
    }
    return new Applied(zone, List.copyOf(covering));
  }

  private void add(List<Preference> covering, Scope scope, String channel) {
    Preference found = byPlace.get(place(scope, channel));
    if (found != null) {
      covering.add(found);
    }
  }

  /**
   * A limit that counts.
   *
   * @param name of the preference that sets it: the messages that it covers are counted together
   * @param because the same in a sentence
   */
  public record Counted(String name, Limit limit, String because) {}

  /**
   * The preferences that cover a message, the narrowest first.
   *
   * @param covering those that are there
   */
  public record Applied(ZoneId zone, List<Preference> covering) {

    private record Found<T>(T value, Preference by) {}

    private <T> Optional<Found<T>> find(Function<Terms, @Nullable T> term) {
      for (Preference preference : covering) {
        T value = term.apply(preference.terms());
        if (value != null) {
          return Optional.of(new Found<>(value, preference));
        }
      }
      return Optional.empty();
    }

    /** How a message is worded; empty for the usual headline. */
    public Optional<TitleTemplate> title() {
      return find(Terms::title).map(Found::value);
    }

    /** Whether a digest has the newest change of each subject alone. */
    public boolean collapses() {
      return find(Terms::collapse).map(Found::value).orElse(false);
    }

    /** Whether an urgent message passes everything that would hold it. */
    private boolean passes(boolean urgent) {
      return urgent && find(Terms::pages).map(Found::value).orElse(true);
    }

    /**
     * What becomes of a message that is new.
     *
     * @param together whether the channel can take several changes as one message
     */
    public Ruling first(boolean urgent, boolean together, Instant now) {
      Optional<Found<Boolean>> send = find(Terms::send);
      if (send.isPresent() && !send.get().value()) {
        return new Ruling.Never("%s: nothing is sent".formatted(send.get().by()));
      }
      if (passes(urgent)) {
        return Ruling.GO;
      }
      Optional<Found<Instant>> muted = find(Terms::mutedUntil);
      if (muted.isPresent() && now.isBefore(muted.get().value())) {
        return new Ruling.Never(
            "%s: muted until %s".formatted(muted.get().by(), muted.get().value()));
      }
      Optional<Found<Schedule>> digest = find(Terms::digest);
      if (together && digest.isPresent()) {
        Instant next = digest.get().value().next(now, zone);
        Instant latest = now.plus(LONGEST_HOLD);
        Instant due = next.isBefore(latest) ? next : latest;
        if (due.isAfter(now)) {
          Ruling quiet = held(false, due);
          return quiet instanceof Ruling.Later
              ? quiet
              : new Ruling.Later(
                  due,
                  Hold.DIGEST,
                  "%s: a digest %s (%s)".formatted(digest.get().by(), digest.get().value(), zone));
        }
      }
      return held(false, now);
    }

    /** What becomes of a message that is to go at an instant, after whatever held it before. */
    public Ruling held(boolean urgent, Instant at) {
      Optional<Found<QuietHours>> quiet = passes(urgent) ? Optional.empty() : find(Terms::quiet);
      return quiet
          .flatMap(found ->
              found
                  .value()
                  .endOf(at, zone)
                  .<Ruling>map(end ->
                      new Ruling.Later(
                          end,
                          Hold.QUIET,
                          "%s: quiet hours %s (%s)".formatted(found.by(), found.value(), zone))))
          .orElse(Ruling.GO);
    }

    /** The limits that a message counts towards: of its channel, and of all that the user gets. */
    public List<Counted> limits() {
      List<Counted> limits = new ArrayList<>();
      boolean own = false;
      boolean all = false;
      for (Preference preference : covering) {
        Limit limit = preference.terms().limit();
        boolean every = preference.channel().equals(Preference.EVERY_CHANNEL);
        if (limit == null || (every ? all : own)) {
          continue;
        }
        own |= !every;
        all |= every;
        if (limit.isSet()) {
          limits.add(
              new Counted(
                  preference.toString(), limit, "%s: at most %s".formatted(preference, limit)));
        }
      }
      return List.copyOf(limits);
    }

    /** Whether a message may be refused for a limit. */
    public boolean isLimited(boolean urgent) {
      return !passes(urgent);
    }
  }
}
