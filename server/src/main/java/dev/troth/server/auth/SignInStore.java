package dev.troth.server.auth;

import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * The tokens of those who signed in at a provider, with what they rest on. Each step is one
 * transaction, so that of two sign-ins at once the second sees the first.
 */
public final class SignInStore {
  private static final String VALID =
      """
      SELECT token.*, revocation.revoked_at, sign_in.issuer, sign_in.client, sign_in.subject,
        sign_in.user_claim, sign_in.role_claim, sign_in.role_value
      FROM sign_in JOIN token ON token.id = sign_in.token
      LEFT JOIN revocation ON revocation.id = token.id
      WHERE revocation.id IS NULL AND token.expires_at > :now
      """;

  private final Database database;
  private final TokenStore tokens;
  private final Clock clock;

  public SignInStore(Database database, TokenStore tokens, Clock clock) {
    this.database = database;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** A token and what it rests on; empty for one of before that was written down. */
  private record SignedIn(IssuedToken token, Optional<SignInGrounds> grounds) {
    boolean isOf(ProviderUser who) {
      return grounds.filter(known -> known.who().equals(who)).isPresent();
    }
  }

  /**
   * What became of a sign-in.
   *
   * @param ended whether others ended by it
   */
  public record Renewed(IssuedToken token, boolean ended) {}

  /**
   * The token of a sign-in: one that lasts is used again. Earlier ones of the same name or person
   * end if they are of another person, another name or another role.
   */
  public Renewed renew(
      Caller caller,
      SignInGrounds grounds,
      Predicate<IssuedToken> lasts,
      Supplier<IssuedToken> fresh) {
    return database.write(handle -> {
      List<IssuedToken> kept = new ArrayList<>();
      boolean ended = false;
      for (SignedIn one : of(handle, grounds.who(), Optional.of(caller.user()))) {
        IssuedToken token = one.token();
        if (one.isOf(grounds.who())
            && token.user().equals(caller.user())
            && token.role() == caller.role()) {
          kept.add(token);
        } else {
          tokens.revoke(handle, token, caller.user());
          ended = true;
        }
      }
      for (IssuedToken token : kept) {
        put(handle, token, grounds);
      }
      Optional<IssuedToken> standing = kept.stream().filter(lasts).findFirst();
      if (standing.isPresent()) {
        return new Renewed(standing.get(), ended);
      }
      IssuedToken token = fresh.get();
      tokens.add(handle, token);
      put(handle, token, grounds);
      return new Renewed(token, ended);
    });
  }

  /** Ends all sign-ins of a person, and of a name; whether there were any. */
  public boolean end(ProviderUser who, Optional<String> name) {
    return database.write(handle -> {
      List<SignedIn> all = of(handle, who, name);
      all.forEach(one -> tokens.revoke(handle, one.token(), one.token().user()));
      return !all.isEmpty();
    });
  }

  /**
   * Ends what these settings give no longer, or not as long.
   *
   * @param by who is named for it
   * @return how many
   */
  public int keep(Optional<OpenIdSettings> settings, String by) {
    return database.write(handle -> {
      List<SignedIn> ended =
          valid(handle, "", Optional.empty(), Optional.empty()).stream()
              .filter(one -> !settings.filter(now -> isGiven(one, now)).isPresent())
              .toList();
      ended.forEach(one -> tokens.revoke(handle, one.token(), by));
      return ended.size();
    });
  }

  private static boolean isGiven(SignedIn one, OpenIdSettings settings) {
    IssuedToken token = one.token();
    Duration life = Duration.between(token.createdAt(), token.expiresAt());
    return life.compareTo(settings.known()) <= 0
        && one.grounds().filter(known -> known.give(settings, token.role())).isPresent();
  }

  /** Those of a person or of a name, the one that lasts longest first. */
  private List<SignedIn> of(Handle handle, ProviderUser who, Optional<String> name) {
    return valid(
        handle,
        """
         AND ((sign_in.issuer = :issuer AND sign_in.subject = :subject) OR token.user_name = :name)
        ORDER BY token.expires_at DESC, token.id
        """,
        Optional.of(who),
        name);
  }

  private List<SignedIn> valid(
      Handle handle, String which, Optional<ProviderUser> who, Optional<String> name) {
    var query = handle.createQuery(VALID + which).bind("now", clock.instant().toString());
    who.ifPresent(one ->
        query
            .bind("issuer", one.issuer())
            .bind("subject", one.subject())
            .bind("name", name.orElse("")));
    return query.map((row, context) -> signedIn(row)).list();
  }

  private static SignedIn signedIn(ResultSet row) throws SQLException {
    String subject = row.getString("subject");
    return new SignedIn(
        TokenStore.token(row),
        subject.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new SignInGrounds(
                    new ProviderUser(row.getString("issuer"), subject),
                    row.getString("client"),
                    row.getString("user_claim"),
                    row.getString("role_claim"),
                    row.getString("role_value"))));
  }

  private static void put(Handle handle, IssuedToken token, SignInGrounds grounds) {
    handle.execute(
        """
        INSERT INTO sign_in (token, issuer, client, subject, user_claim, role_claim, role_value)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (token) DO UPDATE SET client = excluded.client,
          user_claim = excluded.user_claim, role_claim = excluded.role_claim,
          role_value = excluded.role_value
        """,
        token.id(),
        grounds.who().issuer(),
        grounds.client(),
        grounds.who().subject(),
        grounds.userClaim(),
        grounds.roleClaim(),
        grounds.roleValue());
  }
}
