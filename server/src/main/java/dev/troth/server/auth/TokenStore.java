package dev.troth.server.auth;

import dev.troth.server.db.Database;
import dev.troth.server.db.Neighbour;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The tokens that were issued and the ids that were revoked; the latter also in memory. What
 * another platform on the database revokes counts here as soon as it is heard; who hears nothing
 * asks the database.
 */
public final class TokenStore implements Lifecycle, Neighbour {
  private static final String REVOKED = "revoked/";

  /** After how many tokens and revocations what is over is forgotten again. */
  private static final int FORGET_EVERY = 200;

  private final Database database;
  private final ChangeLog<Handle> changes;
  private final Clock clock;
  private final Duration keep;
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger heard = new AtomicInteger();

  /**
   * @param keep how long a token is known after it has expired
   */
  public TokenStore(Database database, ChangeLog<Handle> changes, Clock clock, Duration keep) {
    this.keep = keep;
    this.database = database;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "tokens";
  }

  /** Forgets what has expired since, and loads the rest. */
  @Override
  public void start() {
    database.write(handle -> {
      forget(handle);
      return true;
    });
    // First, so that nothing falls between the two.
    database.replicas().add(this);
    load();
  }

  /** Reads which there are; those that are gone since expired. */
  private void load() {
    Set<String> before = Set.copyOf(revoked);
    Set<String> there =
        database.read(
            handle -> handle.createQuery("SELECT id FROM revocation").mapTo(String.class).set());
    revoked.addAll(there);
    // What was learned meanwhile is in neither.
    before.stream().filter(id -> !there.contains(id)).forEach(revoked::remove);
  }

  /**
   * Revocations hold until the token expires; the token itself is shown for as long as changes are.
   */
  private void forget(Handle handle) {
    Instant now = clock.instant();
    String old = now.minus(keep).toString();
    List<String> over =
        handle
            .createQuery("SELECT id FROM revocation WHERE expires_at < ?")
            .bind(0, now.toString())
            .mapTo(String.class)
            .list();
    handle.execute("DELETE FROM revocation WHERE expires_at < ?", now.toString());
    handle.afterCommit(() -> over.forEach(revoked::remove));
    handle.execute(
        "DELETE FROM sign_in WHERE token IN (SELECT id FROM token WHERE expires_at < ?)", old);
    handle.execute("DELETE FROM token WHERE expires_at < ?", old);
  }

  private void forgetSometimes(Handle handle) {
    if (written.incrementAndGet() % FORGET_EVERY == 0) {
      forget(handle);
    }
  }

  @Override
  public void heard(String topic) {
    if (topic.startsWith(REVOKED)) {
      revoked.add(topic.substring(REVOKED.length()));
      if (heard.incrementAndGet() % FORGET_EVERY == 0) {
        load();
      }
    }
  }

  @Override
  public void missed() {
    load();
  }

  @Override
  public void stop() {}

  public void add(IssuedToken token) {
    database.write(handle -> {
      add(handle, token);
      return token;
    });
  }

  void add(Handle handle, IssuedToken token) {
    forgetSometimes(handle);
    handle.execute(
        """
        INSERT INTO token (id, user_name, role, note, created_by, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        token.id(),
        token.user(),
        token.role().toString(),
        token.note(),
        token.createdBy(),
        token.createdAt().toString(),
        token.expiresAt().toString());
    var _ =
        changes.append(
            handle, change(token, "token.issued", token.createdBy()).after(fields(token)));
  }

  /** Tokens before the one of an id, the newest first; of all users or of one. */
  public List<IssuedToken> list(Optional<String> user, Optional<String> before, int limit) {
    // Only what is asked for stands in it, so that it is one walk along an index.
    String where =
        Stream.of(
                user.map(name -> "user_name = :user"),
                before.map(id ->
                    """
                    (created_at, id) <
                      (SELECT last.created_at, last.id FROM token last WHERE last.id = :before)
                    """))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(" AND "));
    return database.read(handle -> {
      Query query =
          handle.createQuery(
              """
              SELECT token.*, revocation.revoked_at
              FROM token LEFT JOIN revocation USING (id)
              %s ORDER BY created_at DESC, id DESC LIMIT :limit
              """
                  .formatted(where.isEmpty() ? "" : "WHERE " + where));
      user.ifPresent(name -> query.bind("user", name));
      before.ifPresent(id -> query.bind("before", id));
      return query.bind("limit", limit).map((row, context) -> token(row)).list();
    });
  }

  public Optional<IssuedToken> find(String id) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT token.*, revocation.revoked_at
                FROM token LEFT JOIN revocation USING (id) WHERE id = :id
                """)
            .bind("id", id)
            .map((row, context) -> token(row))
            .findOne());
  }

  /** To whom a token belongs. */
  public static Optional<String> owner(Handle handle, String id) {
    return handle
        .createQuery("SELECT user_name FROM token WHERE id = ?")
        .bind(0, id)
        .mapTo(String.class)
        .findOne();
  }

  /** The greatest role among a user's valid tokens; without one, that of a reader. */
  public Role roleOf(Handle handle, String user) {
    return strongest(handle, user).orElse(Role.READER);
  }

  /** The strongest role of a user's valid tokens; empty for who has none. */
  public Optional<Role> strongest(Handle handle, String user) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT role FROM token
            WHERE user_name = ? AND expires_at > ? AND id NOT IN (SELECT id FROM revocation)
            """)
        .bind(0, user)
        .bind(1, clock.instant().toString())
        .mapTo(String.class)
        .map(Role::parse)
        .stream()
        .max(Comparator.naturalOrder());
  }

  /** Makes a token, and the logins made with it, invalid from the next request on. */
  public void revoke(IssuedToken token, String by) {
    database.write(handle -> {
      revoke(handle, token, by);
      return token;
    });
  }

  void revoke(Handle handle, IssuedToken token, String by) {
    if (revoke(handle, token.id(), token.expiresAt(), by)) {
      var _ = changes.append(handle, change(token, "token.revoked", by).before(fields(token)));
    }
  }

  /** Ends a login; nobody is told, because its user did it. */
  public void endLogin(Claims login) {
    String user = login.caller().user();
    database.write(handle -> revoke(handle, login.id(), login.expiresAt(), user));
  }

  private boolean revoke(Handle handle, String id, Instant expiresAt, String by) {
    // Known before anybody hears of the change: a stream of this token must not tell of its end.
    handle.afterCommit(() -> revoked.add(id));
    forgetSometimes(handle);
    database.replicas().tell(handle, REVOKED + id);
    return handle.execute(
            """
            INSERT INTO revocation (id, revoked_by, revoked_at, expires_at)
            VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            id,
            by,
            clock.instant().toString(),
            expiresAt.toString())
        == 1;
  }

  private static NewChange change(IssuedToken token, String type, String by) {
    return NewChange.of(new Subject("token", token.id()), type, by);
  }

  private static Fields fields(IssuedToken token) {
    return Fields.of(
        "user",
        token.user(),
        "role",
        token.role().toString(),
        "expiresAt",
        token.expiresAt().toString());
  }

  public boolean isRevoked(String id) {
    if (!revoked.contains(id) && !database.replicas().hearsWell()) {
      boolean there =
          database.read(handle ->
              handle
                  .createQuery("SELECT 1 FROM revocation WHERE id = ?")
                  .bind(0, id)
                  .mapTo(Integer.class)
                  .findOne()
                  .isPresent());
      if (there) {
        revoked.add(id);
      }
    }
    return revoked.contains(id);
  }

  static IssuedToken token(ResultSet row) throws SQLException {
    return new IssuedToken(
        row.getString("id"),
        row.getString("user_name"),
        Role.parse(row.getString("role")),
        row.getString("note"),
        row.getString("created_by"),
        Instant.parse(row.getString("created_at")),
        Instant.parse(row.getString("expires_at")),
        Optional.ofNullable(row.getString("revoked_at")).map(Instant::parse));
  }
}
