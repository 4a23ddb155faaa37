package dev.troth.gate.core;

/**
 * Why a token was refused, or {@link #VALID}. The order is the module's ABI: new reasons go to the
 * end.
 */
public enum Reason {
  VALID("valid", ""),
  TOKEN_MISSING("token_missing", "No token provided"),
  TOKEN_TOO_LARGE("token_too_large", "jwt malformed"),
  TOKEN_MALFORMED("token_malformed", "jwt malformed"),
  ENCODING_INVALID("encoding_invalid", "invalid token"),
  HEADER_INVALID("header_invalid", "invalid token"),
  CLAIMS_INVALID("claims_invalid", "invalid token"),
  MEMBER_DUPLICATE("member_duplicate", "invalid token"),
  LIMIT_EXCEEDED("limit_exceeded", "invalid token"),
  ALG_NONE("alg_none", "invalid algorithm"),
  ALG_NOT_ALLOWED("alg_not_allowed", "invalid algorithm"),
  CRIT_NOT_UNDERSTOOD("crit_not_understood", "invalid token"),
  TYP_NOT_ALLOWED("typ_not_allowed", "invalid token"),
  KEY_NOT_FOUND("key_not_found", "invalid signature"),
  SIGNATURE_MISSING("signature_missing", "jwt signature is required"),
  SIGNATURE_INVALID("signature_invalid", "invalid signature"),
  EXPIRED("expired", "jwt expired"),
  NOT_ACTIVE("not_active", "jwt not active"),
  ISSUED_IN_FUTURE("issued_in_future", "jwt not active"),
  LIFETIME_EXCEEDED("lifetime_exceeded", "maxAge exceeded"),
  ISSUER_NOT_ALLOWED("issuer_not_allowed", "jwt issuer invalid"),
  AUDIENCE_NOT_ALLOWED("audience_not_allowed", "jwt audience invalid"),
  SUBJECT_NOT_ALLOWED("subject_not_allowed", "jwt subject invalid"),
  CLAIM_MISSING("claim_missing", "required claim missing"),
  EXP_INVALID("exp_invalid", "invalid exp value"),
  NBF_INVALID("nbf_invalid", "invalid nbf value"),
  IAT_INVALID("iat_invalid", "invalid iat value"),
  REVOKED("revoked", "jwt revoked"),
  /** The validator itself failed (trap, limit of its sandbox): the token is not accepted. */
  VALIDATOR_FAILED("validator_failed", "validator failed");

  private static final Reason[] ALL = values();

  private final String code;
  private final String wording;

  Reason(String code, String wording) {
    this.code = code;
    this.wording = wording;
  }

  /** The stable code, {@code expired}: what programs compare. */
  public String code() {
    return code;
  }

  /** What a caller is told, in jsonwebtoken's wording where it has one. Names no expectation. */
  public String wording() {
    return wording;
  }

  /** The reason of a number that crossed the ABI; an unknown one is {@link #VALIDATOR_FAILED}. */
  public static Reason of(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : VALIDATOR_FAILED;
  }

  public static int count() {
    return ALL.length;
  }
}
