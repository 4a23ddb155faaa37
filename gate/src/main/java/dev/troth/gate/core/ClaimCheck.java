package dev.troth.gate.core;

/** Holds the claims of a parsed JWT (RFC 7519 §4.1) against the settings and a time. */
final class ClaimCheck {
  private static final byte[] EXP = Bytes.ascii("exp");
  private static final byte[] NBF = Bytes.ascii("nbf");
  private static final byte[] IAT = Bytes.ascii("iat");
  private static final byte[] ISS = Bytes.ascii("iss");
  private static final byte[] AUD = Bytes.ascii("aud");
  private static final byte[] SUB = Bytes.ascii("sub");
  private static final byte[] JTI = Bytes.ascii("jti");

  private ClaimCheck() {}

  static Reason check(
      JsonTape claims, byte[] source, Settings settings, RevokedIds revoked, long nowMillis) {
    Reason dates = dates(claims, source, settings, nowMillis);
    return dates != Reason.VALID ? dates : names(claims, settings, revoked);
  }

  /** Which of the groups is for the token's {@code iss}, or -1. */
  static int group(JsonTape claims, Settings[] groups) {
    int iss = claims.member(ISS);
    for (int i = 0; i < groups.length; i++) {
      if (isOneOf(claims, iss, groups[i].issuers)) {
        return i;
      }
    }
    return -1;
  }

  private static Reason dates(JsonTape claims, byte[] source, Settings settings, long now) {
    int exp = claims.member(EXP);
    int nbf = claims.member(NBF);
    int iat = claims.member(IAT);
    if (exp >= 0 && !isDate(claims, source, exp)) {
      return Reason.EXP_INVALID;
    }
    if (nbf >= 0 && !isDate(claims, source, nbf)) {
      return Reason.NBF_INVALID;
    }
    if (iat >= 0 && !isDate(claims, source, iat)) {
      return Reason.IAT_INVALID;
    }
    long leeway = settings.leewayMillis;
    if (nbf >= 0 && millis(claims, source, nbf) > NumericDate.plus(now, leeway)) {
      return Reason.NOT_ACTIVE;
    }
    if (exp >= 0 && now >= NumericDate.plus(millis(claims, source, exp), leeway)) {
      return Reason.EXPIRED;
    }
    long ahead = NumericDate.plus(leeway, Settings.ISSUED_AHEAD_MILLIS);
    if (iat >= 0 && millis(claims, source, iat) > NumericDate.plus(now, ahead)) {
      return Reason.ISSUED_IN_FUTURE;
    }
    int required = settings.required;
    if (settings.maxLifetimeMillis > 0) {
      required |= Settings.EXP | Settings.IAT;
    }
    if ((exp < 0 && (required & Settings.EXP) != 0)
        || (nbf < 0 && (required & Settings.NBF) != 0)
        || (iat < 0 && (required & Settings.IAT) != 0)) {
      return Reason.CLAIM_MISSING;
    }
    if (settings.maxLifetimeMillis > 0
        && millis(claims, source, exp)
            > NumericDate.plus(millis(claims, source, iat), settings.maxLifetimeMillis)) {
      return Reason.LIFETIME_EXCEEDED;
    }
    return Reason.VALID;
  }

  private static Reason names(JsonTape claims, Settings settings, RevokedIds revoked) {
    int iss = claims.member(ISS);
    int aud = claims.member(AUD);
    int sub = claims.member(SUB);
    int jti = claims.member(JTI);
    if (!stringOrAbsent(claims, iss)
        || !stringOrAbsent(claims, sub)
        || !stringOrAbsent(claims, jti)
        || !isAudience(claims, aud)) {
      return Reason.CLAIMS_INVALID;
    }
    if (settings.issuers.length > 0 && !isOneOf(claims, iss, settings.issuers)) {
      return Reason.ISSUER_NOT_ALLOWED;
    }
    if (settings.audiences.length > 0 && !hasAudience(claims, aud, settings.audiences)) {
      return Reason.AUDIENCE_NOT_ALLOWED;
    }
    if (settings.subjects.length > 0 && !isOneOf(claims, sub, settings.subjects)) {
      return Reason.SUBJECT_NOT_ALLOWED;
    }
    if ((iss < 0 && (settings.required & Settings.ISS) != 0)
        || (aud < 0 && (settings.required & Settings.AUD) != 0)
        || (sub < 0 && (settings.required & Settings.SUB) != 0)
        || (jti < 0 && (settings.required & Settings.JTI) != 0)) {
      return Reason.CLAIM_MISSING;
    }
    if (jti >= 0 && revoked.contains(claims.text(), claims.start(jti), claims.end(jti))) {
      return Reason.REVOKED;
    }
    return Reason.VALID;
  }

  /** A number that is a date: {@code 1e999} would be a token without end. */
  private static boolean isDate(JsonTape claims, byte[] source, int value) {
    return claims.kind(value) == JsonTape.NUMBER
        && !NumericDate.isBeyond(millis(claims, source, value));
  }

  private static long millis(JsonTape claims, byte[] source, int value) {
    return NumericDate.millis(source, claims.start(value), claims.end(value));
  }

  private static boolean stringOrAbsent(JsonTape claims, int value) {
    return value < 0 || claims.kind(value) == JsonTape.STRING;
  }

  /** A string or an array of strings (RFC 7519 §4.1.3), or absent. */
  private static boolean isAudience(JsonTape claims, int aud) {
    if (claims.kind(aud) != JsonTape.ARRAY) {
      return stringOrAbsent(claims, aud);
    }
    for (int one = claims.last(aud); one >= 0; one = claims.previous(one)) {
      if (claims.kind(one) != JsonTape.STRING) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasAudience(JsonTape claims, int aud, byte[][] expected) {
    if (claims.kind(aud) != JsonTape.ARRAY) {
      return isOneOf(claims, aud, expected);
    }
    for (int one = claims.last(aud); one >= 0; one = claims.previous(one)) {
      if (isOneOf(claims, one, expected)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOneOf(JsonTape claims, int value, byte[][] expected) {
    for (byte[] one : expected) {
      if (claims.isString(value, one)) {
        return true;
      }
    }
    return false;
  }
}
