package dev.troth.server.auth;

import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.server.ops.Lifecycle;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Issues and revokes this platform's tokens, and checks them: signature, life and revocation. */
public final class Tokens implements TokenCheck, Lifecycle {
  private final Supplier<SecretKey> key;
  private final Terms terms;
  private final TokenStore store;
  private final JsonMapper mapper;
  private final SecureRandom random = new SecureRandom();
  private @Nullable LocalTokens signer;

  public Tokens(Supplier<SecretKey> key, Terms terms, TokenStore store, JsonMapper mapper) {
    this.key = key;
    this.terms = terms;
    this.store = store;
    this.mapper = mapper;
  }

  /** Under which terms tokens are issued. */
  public record Terms(String issuer, Duration longestToken, Duration longestSession, Clock clock) {}

  /** A signed text and what it says. */
  public record Signed(String text, Claims claims) {}

  @Override
  public String name() {
    return "signing key";
  }

  /** Loads the signing key, which is made at the first start. */
  @Override
  public void start() {
    signer = new LocalTokens(key.get(), terms.issuer(), terms.clock(), mapper);
  }

  @Override
  public void stop() {}

  @Override
  public Verdict check(String token) {
    Verdict verdict = signer().check(token);
    if (verdict instanceof Verdict.Genuine(Claims claims)
        && (store.isRevoked(claims.id()) || claims.parent().filter(store::isRevoked).isPresent())) {
      return new Verdict.Refused("the token was revoked");
    }
    return verdict;
  }

  /**
   * What names this platform among others: 8 hexadecimal digits that follow from its signing key,
   * and say nothing of it.
   */
  public String platform() {
    return signer().platform();
  }

  /** A gate for this platform's tokens on an engine of the caller's, which knows no revocation. */
  public Gate gate(Engine engine) {
    return signer().gate(engine);
  }

  /** Whether a token, or the token of its login, was revoked. */
  public boolean isRevoked(dev.troth.gate.Claims claims) {
    return claims.text("jti").filter(store::isRevoked).isPresent()
        || claims.text("parent").filter(store::isRevoked).isPresent();
  }

  /**
   * Issues a token.
   *
   * @throws IllegalArgumentException when it would live longer than tokens may
   */
  public Signed issue(String user, Role role, Duration life, String note, String by) {
    if (life.compareTo(terms.longestToken()) > 0) {
      throw new IllegalArgumentException(
          "life is %d s, expected at most auth.token.longest, which is %d s"
              .formatted(life.toSeconds(), terms.longestToken().toSeconds()));
    }
    Caller.requirePerson(user);
    IssuedToken token = made(new Caller(user, role, false), life, note, by);
    store.add(token);
    Claims claims = claims(token);
    return new Signed(signer().sign(claims), claims);
  }

  private IssuedToken made(Caller subject, Duration life, String note, String by) {
    Claims claims = claims(subject, now().plus(life), Optional.empty());
    return new IssuedToken(
        claims.id(),
        subject.user(),
        subject.role(),
        note,
        by,
        claims.issuedAt(),
        claims.expiresAt(),
        Optional.empty());
  }

  /**
   * A token whose text nobody gets, not yet stored: it stands for what a user has proved elsewhere,
   * until it is revoked or as long as tokens may live.
   */
  public IssuedToken unheld(Caller caller, Duration life, String note) {
    Duration most = terms.longestToken();
    return made(caller, life.compareTo(most) > 0 ? most : life, note, caller.user());
  }

  /** What an issued token says. */
  public Claims claims(IssuedToken token) {
    return new Claims(
        terms.issuer(),
        new Caller(token.user(), token.role(), false),
        token.createdAt(),
        token.expiresAt(),
        token.id(),
        Optional.empty());
  }

  /** The login of whoever holds a token; it ends with the token at the latest. */
  public Signed login(Claims token) {
    Instant end = now().plus(terms.longestSession());
    Claims claims =
        claims(
            token.caller(),
            end.isBefore(token.expiresAt()) ? end : token.expiresAt(),
            Optional.of(token.id()));
    return new Signed(signer().sign(claims), claims);
  }

  private Claims claims(Caller caller, Instant end, Optional<String> parent) {
    byte[] id = new byte[16];
    random.nextBytes(id);
    return new Claims(terms.issuer(), caller, now(), end, HexFormat.of().formatHex(id), parent);
  }

  /** The platform's time, in whole seconds as tokens have it. */
  public Instant now() {
    return terms.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private LocalTokens signer() {
    if (signer == null) {
      throw new IllegalStateException("the signing key has not been loaded");
    }
    return signer;
  }
}
