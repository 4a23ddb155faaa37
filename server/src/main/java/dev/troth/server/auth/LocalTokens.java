package dev.troth.server.auth;

import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.Keyring;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs and checks this platform's own tokens: compact JWS with HMAC-SHA256 (RFC 7515 §7.1, RFC
 * 7518 §3.2) over the claims of {@link Claims}.
 *
 * <p>Checked by gate, whose key is bound to HS256: a header that names another algorithm is refused
 * before any signature is computed. Revocation is not looked at.
 */
public final class LocalTokens implements TokenCheck {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String HEADER = "{\"alg\":\"HS256\"}";
  private static final int LONGEST = 4_096;

  private final SecretKey key;
  private final String issuer;
  private final Clock clock;
  private final JsonMapper mapper;
  private final Gate gate;
  private final String platform;

  public LocalTokens(SecretKey key, String issuer, Clock clock, JsonMapper mapper) {
    this.key = key;
    this.issuer = issuer;
    this.clock = clock;
    this.mapper = mapper;
    gate = gate(Gate.javaEngine());
    // Every request asks for it. No token is signed over a text without a dot.
    platform = HexFormat.of().formatHex(mac("platform"), 0, 4);
  }

  /** The text of a token that says this. */
  public String sign(Claims claims) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("iss", claims.issuer());
    body.put("sub", claims.caller().user());
    body.put("role", claims.caller().role().toString());
    body.put("iat", claims.issuedAt().getEpochSecond());
    body.put("exp", claims.expiresAt().getEpochSecond());
    body.put("jti", claims.id());
    claims.parent().ifPresent(parent -> body.put("parent", parent));
    return signText(mapper.writeValueAsString(body));
  }

  /** 8 hexadecimal digits by which platforms with different keys are told apart. */
  String platform() {
    return platform;
  }

  /** A genuine signature under any payload. */
  String signText(String payload) {
    String signed = encode(HEADER) + "." + encode(payload);
    return signed + "." + encode(mac(signed));
  }

  /** A gate for these tokens, on an engine of the caller's. Revocation is not looked at. */
  Gate gate(Engine engine) {
    return new Gate(
        Keyring.secret(key.getEncoded()),
        Policy.DEFAULT
            .withIssuers(issuer)
            .withRequired("exp", "iat", "sub", "jti")
            .withMaxTokenBytes(LONGEST),
        engine,
        clock);
  }

  @Override
  public Verdict check(String token) {
    return switch (gate.check(token)) {
      case dev.troth.gate.Verdict.Valid(var claims) -> read(claims.json());
      case dev.troth.gate.Verdict.Refused(Reason reason) -> new Verdict.Refused(why(reason));
    };
  }

  private Verdict read(String json) {
    try {
      return new Verdict.Genuine(claims(mapper.readTree(json)));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      return new Verdict.Refused("the token cannot be read: " + e.getMessage());
    }
  }

  private static String why(Reason reason) {
    return switch (reason) {
      case TOKEN_TOO_LARGE -> "the token is longer than " + LONGEST + " characters";
      case TOKEN_MISSING, TOKEN_MALFORMED -> "the token is not a compact JWS";
      case ALG_NONE, ALG_NOT_ALLOWED, CRIT_NOT_UNDERSTOOD -> "the token is not signed with HS256";
      case SIGNATURE_MISSING, SIGNATURE_INVALID, KEY_NOT_FOUND ->
          "the signature of the token does not match";
      case EXPIRED -> "the token has expired";
      case ISSUER_NOT_ALLOWED -> "the token was issued by another";
      default -> "the token is not acceptable: " + reason.code();
    };
  }

  private static Claims claims(JsonNode body) {
    Caller caller =
        new Caller(
            body.path("sub").asString(""), Role.parse(body.path("role").asString("")), false);
    return new Claims(
        body.path("iss").asString(""),
        caller,
        Instant.ofEpochSecond(body.path("iat").asLong(0)),
        Instant.ofEpochSecond(body.path("exp").asLong(0)),
        body.path("jti").asString(""),
        Optional.ofNullable(body.get("parent")).map(parent -> parent.asString("")));
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
