package dev.troth.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
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
 * <p>The algorithm is fixed here, never taken from the token: a header that names another is
 * refused before any signature is computed. Revocation is not looked at.
 */
public final class LocalTokens implements TokenCheck {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String HEADER = "{\"alg\":\"HS256\"}";
  private static final int LONGEST = 4_096;

  private final SecretKey key;
  private final String issuer;
  private final Clock clock;
  private final JsonMapper mapper;

  public LocalTokens(SecretKey key, String issuer, Clock clock, JsonMapper mapper) {
    this.key = key;
    this.issuer = issuer;
    this.clock = clock;
    this.mapper = mapper;
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

  /** A genuine signature under any payload. */
  String signText(String payload) {
    String signed = encode(HEADER) + "." + encode(payload);
    return signed + "." + encode(mac(signed));
  }

  @Override
  public Verdict check(String token) {
    if (token.length() > LONGEST) {
      return new Verdict.Refused("the token is longer than " + LONGEST + " characters");
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return new Verdict.Refused("the token is not a compact JWS");
    }
    try {
      JsonNode header = mapper.readTree(decode(parts[0]));
      // RFC 7515 §4.1.11: what a crit header asks for is not understood here.
      if (!header.path("alg").asString("").equals("HS256") || header.has("crit")) {
        return new Verdict.Refused("the token is not signed with HS256");
      }
      if (!MessageDigest.isEqual(decode(parts[2]), mac(parts[0] + "." + parts[1]))) {
        return new Verdict.Refused("the signature of the token does not match");
      }
      return judge(claims(mapper.readTree(decode(parts[1]))));
    } catch (JacksonException e) {
      return new Verdict.Refused("the token is not made of JSON");
    } catch (IllegalArgumentException | DateTimeException e) {
      return new Verdict.Refused("the token cannot be read: " + e.getMessage());
    }
  }

  private Verdict judge(Claims claims) {
    Instant now = clock.instant();
    if (!claims.issuer().equals(issuer)) {
      return new Verdict.Refused("the token was issued by " + claims.issuer());
    } else if (!now.isBefore(claims.expiresAt())) {
      return new Verdict.Refused("the token expired at " + claims.expiresAt());
    }
    return new Verdict.Genuine(claims);
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

  private static byte[] decode(String text) {
    if (text.indexOf('=') >= 0) {
      throw new IllegalArgumentException("base64url has no padding here");
    }
    return Base64.getUrlDecoder().decode(text);
  }
}
