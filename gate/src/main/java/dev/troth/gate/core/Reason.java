package dev.troth.gate.core;

/**
 * Why a token was refused, or {@link #VALID}. The order is the module's ABI: new reasons go to the
 * end.
 */
public enum Reason {
  VALID,
  TOKEN_MISSING,
  TOKEN_TOO_LARGE,
  TOKEN_MALFORMED,
  ENCODING_INVALID,
  HEADER_INVALID,
  CLAIMS_INVALID,
  MEMBER_DUPLICATE,
  LIMIT_EXCEEDED,
  ALG_NONE,
  ALG_NOT_ALLOWED,
  CRIT_NOT_UNDERSTOOD,
  TYP_NOT_ALLOWED,
  KEY_NOT_FOUND,
  SIGNATURE_MISSING,
  SIGNATURE_INVALID,
  EXPIRED,
  NOT_ACTIVE,
  ISSUED_IN_FUTURE,
  LIFETIME_EXCEEDED,
  ISSUER_NOT_ALLOWED,
  AUDIENCE_NOT_ALLOWED,
  SUBJECT_NOT_ALLOWED,
  CLAIM_MISSING,
  EXP_INVALID,
  NBF_INVALID,
  IAT_INVALID,
  REVOKED,
  /** The validator itself failed (trap, limit of its sandbox): the token is not accepted. */
  VALIDATOR_FAILED,
  /** The token is genuine and lacks a scope that the path requires. */
  SCOPE_INSUFFICIENT,
  /** The token is genuine and a claim has not the value that the path requires. */
  CLAIM_NOT_ALLOWED,
  /** The path that rules are about is not known, or two servers could read it differently. */
  PATH_NOT_ALLOWED;

  private static final Reason[] ALL = values();

  /** The stable code, {@code expired}: what programs compare. */
  public String code() {
    // Texts are in switches, not in fields: the module then does without them.
    return switch (this) {
      case VALID -> "valid";
      case TOKEN_MISSING -> "token_missing";
      case TOKEN_TOO_LARGE -> "token_too_large";
      case TOKEN_MALFORMED -> "token_malformed";
      case ENCODING_INVALID -> "encoding_invalid";
      case HEADER_INVALID -> "header_invalid";
      case CLAIMS_INVALID -> "claims_invalid";
      case MEMBER_DUPLICATE -> "member_duplicate";
      case LIMIT_EXCEEDED -> "limit_exceeded";
      case ALG_NONE -> "alg_none";
      case ALG_NOT_ALLOWED -> "alg_not_allowed";
      case CRIT_NOT_UNDERSTOOD -> "crit_not_understood";
      case TYP_NOT_ALLOWED -> "typ_not_allowed";
      case KEY_NOT_FOUND -> "key_not_found";
      case SIGNATURE_MISSING -> "signature_missing";
      case SIGNATURE_INVALID -> "signature_invalid";
      case EXPIRED -> "expired";
      case NOT_ACTIVE -> "not_active";
      case ISSUED_IN_FUTURE -> "issued_in_future";
      case LIFETIME_EXCEEDED -> "lifetime_exceeded";
      case ISSUER_NOT_ALLOWED -> "issuer_not_allowed";
      case AUDIENCE_NOT_ALLOWED -> "audience_not_allowed";
      case SUBJECT_NOT_ALLOWED -> "subject_not_allowed";
      case CLAIM_MISSING -> "claim_missing";
      case EXP_INVALID -> "exp_invalid";
      case NBF_INVALID -> "nbf_invalid";
      case IAT_INVALID -> "iat_invalid";
      case REVOKED -> "revoked";
      case VALIDATOR_FAILED -> "validator_failed";
      case SCOPE_INSUFFICIENT -> "scope_insufficient";
      case CLAIM_NOT_ALLOWED -> "claim_not_allowed";
      case PATH_NOT_ALLOWED -> "path_not_allowed";
    };
  }

  /** What a caller is told, in jsonwebtoken's wording where it has one. Names no expectation. */
  public String wording() {
    return switch (this) {
      case VALID -> "";
      case TOKEN_MISSING -> "No token provided";
      case TOKEN_TOO_LARGE, TOKEN_MALFORMED -> "jwt malformed";
      case ENCODING_INVALID,
          HEADER_INVALID,
          CLAIMS_INVALID,
          MEMBER_DUPLICATE,
          LIMIT_EXCEEDED,
          CRIT_NOT_UNDERSTOOD,
          TYP_NOT_ALLOWED ->
          "invalid token";
      case ALG_NONE, ALG_NOT_ALLOWED -> "invalid algorithm";
      case KEY_NOT_FOUND, SIGNATURE_INVALID -> "invalid signature";
      case SIGNATURE_MISSING -> "jwt signature is required";
      case EXPIRED -> "jwt expired";
      case NOT_ACTIVE, ISSUED_IN_FUTURE -> "jwt not active";
      case LIFETIME_EXCEEDED -> "maxAge exceeded";
      case ISSUER_NOT_ALLOWED -> "jwt issuer invalid";
      case AUDIENCE_NOT_ALLOWED -> "jwt audience invalid";
      case SUBJECT_NOT_ALLOWED -> "jwt subject invalid";
      case CLAIM_MISSING -> "required claim missing";
      case EXP_INVALID -> "invalid exp value";
      case NBF_INVALID -> "invalid nbf value";
      case IAT_INVALID -> "invalid iat value";
      case REVOKED -> "jwt revoked";
      case VALIDATOR_FAILED -> "validator failed";
      case SCOPE_INSUFFICIENT -> "insufficient scope";
      case CLAIM_NOT_ALLOWED -> "claim not allowed";
      case PATH_NOT_ALLOWED -> "path not allowed";
    };
  }

  /** Whether the token is genuine and only what it asks for is refused: 403 instead of 401. */
  public boolean isForbidden() {
    return this == SCOPE_INSUFFICIENT || this == CLAIM_NOT_ALLOWED || this == PATH_NOT_ALLOWED;
  }

  /** What the reason is called across the ABI. */
  @SuppressWarnings("EnumOrdinal") // the order is the ABI's
  public int number() {
    return ordinal();
  }

  /** The reason of a number that crossed the ABI; an unknown one is {@link #VALIDATOR_FAILED}. */
  public static Reason of(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : VALIDATOR_FAILED;
  }

  public static int count() {
    return ALL.length;
  }
}
