package dev.troth.server.terms;

import dev.troth.server.http.Json;
import dev.troth.server.statement.Statements;
import dev.troth.watch.change.Fields;
import dev.troth.watch.terms.Preference;
import dev.troth.watch.terms.Preferences;
import dev.troth.watch.terms.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Users' terms in SQL. */
public final class TermsStore {
  /** Who says nothing else lives by this zone. */
  static final ZoneId USUAL_ZONE = ZoneId.of("UTC");

  private static final String OF_USER =
      "SELECT scope, channel, terms FROM preference WHERE user_name = ? ORDER BY scope, channel";

  /** How many users are asked for in one query. */
  private static final int AT_ONCE = 500;

  /**
   * What a user says of themselves.
   *
   * @param autowatch whether they watch the records that they create
   */
  record Person(ZoneId zone, Locale locale, boolean autowatch) {
    static final Person USUAL = new Person(USUAL_ZONE, Locale.ENGLISH, true);

    Person {
      // Java writes it Z, which is no name that people give a zone.
      zone = zone.equals(ZoneOffset.UTC) ? USUAL_ZONE : zone;
    }

    Fields fields() {
      return Fields.of(
          "zone", zone.getId(), "locale", locale.toLanguageTag(), "autowatch", autowatch);
    }
  }

  private record Stored(String user, Preference preference) {}

  Person person(Handle handle, String user) {
    return Statements.of(handle)
        .first(
            "SELECT zone, autowatch, locale FROM person WHERE user_name = ?",
            row ->
                new Person(
                    ZoneId.of(row.getString(1)),
                    Locale.forLanguageTag(row.getString(3)),
                    row.getString(2).equals("on")),
            user)
        .orElse(Person.USUAL);
  }

  void put(Handle handle, String user, Person person) {
    handle.execute(
        """
        INSERT INTO person (user_name, zone, autowatch, locale) VALUES (?, ?, ?, ?)
        ON CONFLICT (user_name) DO UPDATE SET zone = excluded.zone, autowatch = excluded.autowatch,
          locale = excluded.locale
        """,
        user,
        person.zone().getId(),
        person.autowatch() ? "on" : "off",
        person.locale().toLanguageTag());
  }

  /** A user's preferences, by scope and channel. */
  List<Preference> list(Handle handle, String user) {
    return Statements.of(handle).list(OF_USER, row -> preference(row, 1), user);
  }

  /** A user's preferences; empty for one who has none. */
  public Optional<Preferences> of(Handle handle, String user) {
    List<Preference> own = list(handle, user);
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(new Preferences(person(handle, user).zone(), own));
  }

  private static Preference preference(ResultSet row, int from) throws SQLException {
    return new Preference(
        Scope.parse(row.getString(from)),
        row.getString(from + 1),
        Json.mapper().readValue(row.getString(from + 2), TermsText.class).terms());
  }

  Optional<Preference> find(Handle handle, String user, Scope scope, String channel) {
    return list(handle, user).stream()
        .filter(one -> one.scope().equals(scope) && one.channel().equals(channel))
        .findFirst();
  }

  /** The preferences of those of the users who have any. */
  public Map<String, Preferences> of(Handle handle, Collection<String> users) {
    Map<String, List<Preference>> found = new HashMap<>();
    List<String> left = List.copyOf(users);
    for (int from = 0; from < left.size(); from += AT_ONCE) {
      List<String> some = left.subList(from, Math.min(left.size(), from + AT_ONCE));
      stored(handle, some)
          .forEach(one ->
              found.computeIfAbsent(one.user(), user -> new ArrayList<>()).add(one.preference()));
    }
    Map<String, Preferences> preferences = new HashMap<>();
    found.forEach(
        (user, own) -> preferences.put(user, new Preferences(person(handle, user).zone(), own)));
    return preferences;
  }

  private static List<Stored> stored(Handle handle, Collection<String> users) {
    return handle
        .createQuery(
            """
            SELECT user_name, scope, channel, terms FROM preference WHERE user_name IN (<users>)
            ORDER BY user_name, scope, channel
            """)
        .bindList("users", List.copyOf(users))
        .map((row, context) -> new Stored(row.getString(1), preference(row, 2)))
        .list();
  }

  /** Sets what a user says for a scope on a channel, instead of what was said before. */
  void put(Handle handle, String user, Preference preference) {
    handle.execute(
        """
        INSERT INTO preference (user_name, scope, channel, terms) VALUES (?, ?, ?, ?)
        ON CONFLICT (user_name, scope, channel) DO UPDATE SET terms = excluded.terms
        """,
        user,
        preference.scope().toString(),
        preference.channel(),
        Json.mapper().writeValueAsString(TermsText.of(preference.terms())));
  }

  boolean remove(Handle handle, String user, Scope scope, String channel) {
    return handle.execute(
            "DELETE FROM preference WHERE user_name = ? AND scope = ? AND channel = ?",
            user,
            scope.toString(),
            channel)
        == 1;
  }
}
