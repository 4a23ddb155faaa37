package dev.troth.server.endpoint;

import dev.troth.server.change.Trim;
import dev.troth.server.statement.Statements;
import dev.troth.watch.change.Subject;
import dev.troth.watch.webhook.WebhookSecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Users' addresses in SQL: one for each user and channel. */
public final class EndpointStore implements Trim {
  private static final String SELECT =
      """
      SELECT id, user_name, channel, address, secret, older_secret, state, note, failures, created_at,
        rest_until, rests, failing_since
      FROM endpoint
      """;
  private static final String OF_CHANNEL = SELECT + "WHERE user_name = ? AND channel = ?";
  private static final RowMapper<Endpoint> ROW = (row, context) -> read(row);

  private static Endpoint read(ResultSet row) throws SQLException {
    return new Endpoint(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        Stream.of(row.getString(5), row.getString(6))
            .filter(text -> !text.isEmpty())
            .map(WebhookSecret::parse)
            .toList(),
        new Health(
            State.valueOf(row.getString(7)),
            row.getString(8),
            row.getInt(9),
            Instant.ofEpochMilli(row.getLong(10))),
        new Rest(
            Instant.ofEpochMilli(row.getLong(11)),
            row.getInt(12),
            Instant.ofEpochMilli(row.getLong(13))));
  }

  private final Clock clock;

  public EndpointStore(Clock clock) {
    this.clock = clock;
  }

  /** Whether anything is sent. */
  public enum State {
    /** Nobody has confirmed yet that they read there. */
    UNVERIFIED,
    ACTIVE,
    DISABLED;

    /** As the API shows it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How an endpoint does.
   *
   * @param note why it is disabled, or how it last failed
   * @param failures how many attempts failed since the last that did not
   */
  public record Health(State state, String note, int failures, Instant createdAt) {}

  /**
   * How a receiver that fails is spared.
   *
   * @param until before this nothing is sent; then one attempt shows whether it works again
   * @param count rests in a row; 0 when it works
   * @param failingSince the first failure since anything worked; the epoch when it works
   */
  public record Rest(Instant until, int count, Instant failingSince) {}

  /**
   * Where one channel reaches one user.
   *
   * @param channel the name in a wish: {@code webhook/ops}
   * @param secrets what is signed with; while it is being rotated, the new and the old one
   */
  public record Endpoint(
      long id,
      String user,
      String channel,
      String address,
      List<WebhookSecret> secrets,
      Health health,
      Rest rest) {

    /** What its owner watches, to hear when it is disabled. */
    public Subject subject() {
      return new Subject("endpoint", Long.toString(id));
    }
  }

  List<Endpoint> of(Handle handle, String user) {
    return handle
        .createQuery(SELECT + "WHERE user_name = ? ORDER BY channel")
        .bind(0, user)
        .map(ROW)
        .list();
  }

  /** To whom the endpoint of this id belongs. */
  public static Optional<String> owner(Handle handle, String id) {
    return handle
        .createQuery("SELECT user_name FROM endpoint WHERE id = CAST(? AS BIGINT)")
        .bind(0, id)
        .mapTo(String.class)
        .findOne();
  }

  public Optional<Endpoint> find(Handle handle, long id) {
    return handle.createQuery(SELECT + "WHERE id = ?").bind(0, id).map(ROW).findOne();
  }

  public Optional<Endpoint> find(Handle handle, String user, String channel) {
    return Statements.of(handle).first(OF_CHANNEL, EndpointStore::read, user, channel);
  }

  /** The names of a user's channels. */
  public List<String> channels(Handle handle, String user) {
    return handle
        .createQuery("SELECT channel FROM endpoint WHERE user_name = ? ORDER BY channel")
        .bind(0, user)
        .mapTo(String.class)
        .list();
  }

  /** An address that is to be kept. */
  record Entry(String user, String channel, String address, WebhookSecret secret, State state) {}

  /** Adds an address, or gives a channel that has one another address and a fresh start. */
  Endpoint put(Handle handle, Entry entry) {
    long id =
        handle
            .createQuery(
                """
                INSERT INTO endpoint (user_name, channel, address, secret, state, created_at)
                VALUES (:user, :channel, :address, :secret, :state, :at)
                ON CONFLICT (user_name, channel) DO UPDATE SET address = excluded.address,
                  secret = excluded.secret, older_secret = '', state = excluded.state, note = '',
                  failures = 0, rest_until = 0, rests = 0, failing_since = 0
                RETURNING id
                """)
            .bind("user", entry.user())
            .bind("channel", entry.channel())
            .bind("address", entry.address())
            .bind("secret", entry.secret().reveal())
            .bind("state", entry.state().name())
            .bind("at", clock.millis())
            .mapTo(Long.class)
            .one();
    return find(handle, id).orElseThrow();
  }

  /** Takes a new secret into use; the old one signs too until the next rotation. */
  void rotate(Handle handle, Endpoint endpoint, WebhookSecret secret) {
    handle.execute(
        "UPDATE endpoint SET older_secret = secret, secret = ? WHERE id = ?",
        secret.reveal(),
        endpoint.id());
  }

  void delete(Handle handle, Endpoint endpoint) {
    handle.execute("DELETE FROM endpoint WHERE id = ?", endpoint.id());
  }

  public void worked(Handle handle, Endpoint endpoint) {
    if (endpoint.health().failures() > 0 || endpoint.rest().count() > 0) {
      handle.execute(
          "UPDATE endpoint SET failures = 0, note = '', rest_until = 0, rests = 0,"
              + " failing_since = 0 WHERE id = ?",
          endpoint.id());
    }
  }

  /** Notes what came of something on an address in use; why another is not stays noted. */
  void note(Handle handle, Endpoint endpoint, String note) {
    handle.execute(
        "UPDATE endpoint SET note = ? WHERE id = ? AND state = 'ACTIVE'", note, endpoint.id());
  }

  /** Counts a failure; the endpoint as it stands then. */
  public Endpoint failed(Handle handle, Endpoint endpoint, String note) {
    handle.execute(
        """
        UPDATE endpoint SET failures = failures + 1, note = ?,
          failing_since = CASE failing_since WHEN 0 THEN ? ELSE failing_since END
        WHERE id = ?
        """,
        note,
        clock.millis(),
        endpoint.id());
    return find(handle, endpoint.id()).orElse(endpoint);
  }

  /** Sends nothing before a time. */
  public void rest(Handle handle, Endpoint endpoint, Instant until) {
    handle.execute(
        "UPDATE endpoint SET rest_until = ?, rests = rests + 1 WHERE id = ?",
        until.toEpochMilli(),
        endpoint.id());
  }

  public void set(Handle handle, Endpoint endpoint, State state, String note) {
    handle.execute(
        "UPDATE endpoint SET state = ?, note = ?, failures = 0, rest_until = 0, rests = 0,"
            + " failing_since = 0 WHERE id = ?",
        state.name(),
        note,
        endpoint.id());
  }

  /** An endpoint that stands keeps its versions, however long ago its last change was. */
  @Override
  public boolean keeps(Handle handle, Subject subject) {
    return subject.type().equals("endpoint")
        && subject.id().matches("[1-9][0-9]{0,17}")
        && find(handle, Long.parseLong(subject.id())).isPresent();
  }
}
