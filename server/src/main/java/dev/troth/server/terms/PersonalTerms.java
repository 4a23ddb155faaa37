package dev.troth.server.terms;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.change.UserSubject;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.terms.TermsStore.Person;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.TitleTemplate;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.terms.Preference;
import dev.troth.watch.terms.Schedule;
import dev.troth.watch.terms.Scope;
import dev.troth.watch.terms.Terms;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Users' own terms: everybody sets theirs, an admin may act for another user. What waits because of
 * the former terms is asked again after each change.
 */
public final class PersonalTerms {
  /** The type of the subjects that users' terms are. */
  private static final String TYPE = "terms";

  private static final int MOST = 200;

  /** Later times have years that not every reader of a time takes. */
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private final Database database;
  private final TermsStore store;
  private final SortedMap<String, Boolean> kinds;
  private final Changed changed;
  private final ChangeLog<Handle> changes;
  private final Clock clock;

  /** What happens in the transaction that changes a user's terms. */
  @FunctionalInterface
  public interface Changed {
    void changed(Handle handle, String user);
  }

  /**
   * @param kinds the channels that terms are about, each with whether it takes digests
   */
  public PersonalTerms(
      Database database,
      TermsStore store,
      SortedMap<String, Boolean> kinds,
      Changed changed,
      ChangeLog<Handle> changes,
      Clock clock) {
    this.database = database;
    this.changes = changes;
    this.clock = clock;
    this.store = store;
    this.kinds = new TreeMap<>(kinds);
    this.changed = changed;
  }

  /** What a client says of a scope on a channel; a scope or channel left out is all of them. */
  public record PreferenceBody(
      @Nullable String user,
      @Nullable String scope,
      @Nullable String channel,
      @Nullable Boolean send,
      @Nullable String quiet,
      @Nullable Boolean pages,
      @Nullable String digest,
      @Nullable Boolean collapse,
      @Nullable String limit,
      @Nullable String mutedUntil,
      @Nullable String title) {

    private Preference preference() {
      TermsText text =
          new TermsText(send, quiet, pages, digest, collapse, limit, mutedUntil, title);
      return new Preference(
          Scope.parse(requireNonNullElse(scope, "all")),
          requireNonNullElse(channel, Preference.EVERY_CHANNEL),
          text.terms());
    }
  }

  /** What a client says of a user; what is left out stays. */
  public record PersonBody(
      @Nullable String user,
      @Nullable String zone,
      @Nullable String locale,
      @Nullable Boolean autowatch) {}

  /** A user's terms. */
  public TermsView of(Caller caller, String user) {
    caller.requireFor(user);
    return database.read(handle -> view(handle, user));
  }

  private TermsView view(Handle handle, String user) {
    Person person = store.person(handle, user);
    return new TermsView(
        user,
        person.zone().getId(),
        person.locale().toLanguageTag(),
        person.autowatch(),
        store.list(handle, user).stream().map(TermsView.Item::of).toList());
  }

  /** Whether a user watches the records that they create. */
  public boolean watchesCreated(Handle handle, String user) {
    return store.person(handle, user).autowatch();
  }

  /** Sets a preference, whole; one that says nothing is removed. */
  public TermsView set(Caller caller, PreferenceBody body) {
    String user = requireNonNullElse(body.user(), caller.user());
    caller.requireFor(user);
    Preference preference = DomainException.valid(body::preference);
    requireTaken(preference);
    Subject own = own(user);
    return database.write(handle -> {
      Optional<Preference> before =
          store.find(handle, user, preference.scope(), preference.channel());
      if (before.map(Preference::terms).orElse(Terms.SILENT).equals(preference.terms())) {
        return view(handle, user);
      }
      if (preference.terms().isSilent()) {
        boolean _ = store.remove(handle, user, preference.scope(), preference.channel());
      } else {
        store.put(handle, user, preference);
        if (store.list(handle, user).size() > MOST) {
          throw new DomainException.Invalid(
              "%s has %d preferences, expected at most that many".formatted(user, MOST));
        }
      }
      say(handle, caller, own, before, preference);
      changed.changed(handle, user);
      return view(handle, user);
    });
  }

  private static Subject own(String user) {
    return DomainException.valid(() -> UserSubject.of(TYPE, user));
  }

  /** What a user decided is a change, as every decision is. */
  private void say(
      Handle handle, Caller caller, Subject own, Optional<Preference> before, Preference after) {
    boolean isRemoved = after.terms().isSilent();
    NewChange said =
        NewChange.of(own, isRemoved ? "preference.removed" : "preference.set", caller.user());
    var _ =
        changes.append(
            handle,
            said.before(before.map(TermsText::fields).orElse(Fields.none()))
                .after(isRemoved ? Fields.none() : TermsText.fields(after)));
  }

  /**
   * Refuses a mute of the past, a channel that terms do not reach, and digests where each change
   * has to go alone.
   */
  private void requireTaken(Preference preference) {
    Instant muted = preference.terms().mutedUntil();
    if (muted != null && (!muted.isAfter(clock.instant()) || !muted.isBefore(LATEST))) {
      throw new DomainException.Invalid(
          "mutedUntil is '%s', expected a time that is still to come, before the year 10000"
              .formatted(muted));
    }
    String channel = preference.channel();
    if (channel.equals(Preference.EVERY_CHANNEL)) {
      return;
    }
    Matcher name = AddressedChannel.NAME.matcher(channel);
    Boolean together = name.matches() ? kinds.get(name.group(1)) : null;
    if (together == null) {
      throw new DomainException.Invalid(
          "channel is '%s', expected *, or one of %s, alone or with a name as webhook/ops: the inbox keeps everything and disturbs nobody"
              .formatted(channel, String.join(", ", kinds.keySet())));
    }
    Terms terms = preference.terms();
    if (!together && terms.digest() != null && !terms.digest().equals(Schedule.AT_ONCE)) {
      throw new DomainException.Invalid(
          "digest is '%s', expected none on %s: what begins and what ends are told one by one"
              .formatted(terms.digest(), channel));
    }
  }

  /** Removes a preference; true if it was there. */
  public boolean remove(Caller caller, String user, String scope, String channel) {
    caller.requireFor(user);
    Scope of = DomainException.valid(() -> Scope.parse(scope));
    Subject own = own(user);
    return database.write(handle -> {
      Preference before =
          store
              .find(handle, user, of, channel)
              .orElseThrow(() ->
                  new DomainException.NotFound(
                      "%s has no preference for %s on %s".formatted(user, scope, channel)));
      boolean removed = store.remove(handle, user, of, channel);
      say(handle, caller, own, Optional.of(before), new Preference(of, channel, Terms.SILENT));
      changed.changed(handle, user);
      return removed;
    });
  }

  /** Says where a user lives, and whether they watch what they create. */
  public TermsView describe(Caller caller, PersonBody body) {
    String user = requireNonNullElse(body.user(), caller.user());
    caller.requireFor(user);
    Subject own = own(user);
    return database.write(handle -> {
      Person before = store.person(handle, user);
      Person after =
          new Person(
              body.zone() == null ? before.zone() : zone(body.zone()),
              body.locale() == null ? before.locale() : locale(body.locale()),
              requireNonNullElse(body.autowatch(), before.autowatch()));
      store.put(handle, user, after);
      if (!after.equals(before)) {
        var _ =
            changes.append(
                handle,
                NewChange.of(own, "person.set", caller.user())
                    .before(before.fields())
                    .after(after.fields()));
        changed.changed(handle, user);
      }
      return view(handle, user);
    });
  }

  /** What a template makes of a change, or of the newest that the user may read of. */
  public record Preview(String title, String subject, long change) {}

  /** Words a change by a template as a user would be told of it. */
  public Preview preview(Caller caller, String user, String title, Change change) {
    caller.requireFor(user);
    TitleTemplate template = DomainException.valid(() -> new TitleTemplate(title));
    Person person = database.read(handle -> store.person(handle, user));
    return new Preview(
        template.fill(change, person.zone(), person.locale()),
        change.subject().toString(),
        change.seq());
  }

  /** The title of a message in its user's own words; empty where they have none. */
  public Optional<String> title(Handle handle, Notification notification) {
    String user = notification.watch().user();
    Change change = notification.change();
    return store
        .of(handle, user)
        .flatMap(own ->
            own.on(change.subject(), notification.watch().target(), notification.channel()).title())
        .map(template -> {
          Person person = store.person(handle, user);
          return template.fill(change, person.zone(), person.locale());
        });
  }

  /** How a user reads times; empty for one who said neither zone nor language. */
  public Optional<Function<Instant, String>> times(Handle handle, String user) {
    Person person = store.person(handle, user);
    if (person.zone().equals(Person.USUAL.zone())
        && person.locale().equals(Person.USUAL.locale())) {
      return Optional.empty();
    }
    DateTimeFormatter format =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.LONG)
            .withLocale(person.locale())
            .withZone(person.zone());
    return Optional.of(format::format);
  }

  private static Locale locale(String text) {
    Locale locale = Locale.forLanguageTag(text);
    if (!locale.toLanguageTag().equalsIgnoreCase(text) || locale.getLanguage().isEmpty()) {
      throw new DomainException.Invalid(
          "locale is '%s', expected a language tag such as en-GB".formatted(text));
    }
    return locale;
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new DomainException.Invalid(
          "zone is '%s', expected a time zone such as Europe/Oslo".formatted(text));
    }
  }

  /** The channels that terms are about. */
  public List<String> channels() {
    return List.copyOf(kinds.keySet());
  }
}
