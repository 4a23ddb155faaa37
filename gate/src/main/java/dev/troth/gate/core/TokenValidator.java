package dev.troth.gate.core;

/**
 * Decides whether a compact JWS (RFC 7515 §7.1) that carries a JWT (RFC 7519) is genuine and
 * acceptable. Nothing in the token chooses a key by anything but {@code kid} among the configured
 * keys: {@code jku}, {@code x5u}, {@code x5c} and {@code jwk} are never looked at.
 *
 * <p>After {@link Reason#VALID}, {@link #claims} and {@link #payload} hold the claims until the
 * next token or {@link #wipe}. Reuses its buffers; not thread-safe.
 */
public final class TokenValidator {
  private static final byte[] ALG = Bytes.ascii("alg");
  private static final byte[] KID = Bytes.ascii("kid");
  private static final byte[] TYP = Bytes.ascii("typ");
  private static final byte[] CRIT = Bytes.ascii("crit");
  private static final byte[] NONE = Bytes.ascii("none");
  private static final byte[] ANY = Bytes.ascii("*");
  private static final byte[] APPLICATION = Bytes.ascii("application/");

  /** RSA with 8192 bits. */
  private static final int MAX_SIGNATURE_BYTES = 1024;

  private static final int MAX_VALUES = 512;
  private static final int MAX_DEPTH = 16;

  /**
   * How many keys one token is tried with. A token that more of them could have signed is refused
   * as {@link Reason#LIMIT_EXCEEDED}: its issuer should name the key.
   */
  public static final int MAX_ATTEMPTS = 64;

  private final Settings settings;

  /** What holds for the present token: all settings, or the group of its issuer. */
  private Settings present;

  private int group;
  private final SignatureArithmetic arithmetic;
  private final JsonTape tape;
  private final byte[] document;
  private final byte[] signature = new byte[MAX_SIGNATURE_BYTES];
  private int documentLength;
  private int signatureLength;

  public TokenValidator(Settings settings, SignatureArithmetic arithmetic) {
    this.settings = settings;
    present = settings;
    this.arithmetic = arithmetic;
    document = new byte[settings.maxTokenBytes];
    tape = new JsonTape(MAX_VALUES, MAX_DEPTH, settings.maxTokenBytes);
  }

  /**
   * Does once what the classes do at their first use, so that a token finds nothing left to
   * allocate: hosts of the module cut its memory off behind what is used then.
   */
  public void prepare() {
    document[0] = '{';
    document[1] = '}';
    documentLength = 2;
    if (parse(Reason.CLAIMS_INVALID) == Reason.VALID
        && ClaimCheck.check(tape, document, settings, settings.revoked, 0) != Reason.REVOKED
        && ClaimCheck.group(tape, settings.groups) < 0
        && Algorithm.named(document, 0, 2) == null) {
      Base64Url.decode(document, 0, 1, signature);
    }
    wipe();
  }

  /** The largest token in bytes; longer ones are refused unread. */
  public int maxTokenBytes() {
    return settings.maxTokenBytes;
  }

  /** The verdict on {@code token[from, to)} at a time in milliseconds since 1970. */
  public Reason validate(byte[] token, int from, int to, long nowMillis) {
    Reason reason = verify(token, from, to, true);
    if (reason != Reason.VALID) {
      return reason;
    }
    reason = parse(Reason.CLAIMS_INVALID);
    return reason != Reason.VALID
        ? reason
        : ClaimCheck.check(tape, document, present, settings.revoked, nowMillis);
  }

  /** The verdict on header and signature alone, for a JWS whose payload is anything. */
  public Reason verifySignature(byte[] token, int from, int to) {
    return verify(token, from, to, false);
  }

  /**
   * Which group of settings was chosen for the last token; 0 without groups, -1 before a choice.
   */
  public int group() {
    return group;
  }

  /** The parsed claims of the last valid token; numbers lie in {@link #payload}. */
  public JsonTape claims() {
    return tape;
  }

  /** The decoded payload of the last token, {@link #payloadLength} bytes of it. */
  public byte[] payload() {
    return document;
  }

  public int payloadLength() {
    return documentLength;
  }

  /** Overwrites everything that the last token left. */
  public void wipe() {
    tape.wipe();
    for (int i = 0; i < documentLength; i++) {
      document[i] = 0;
    }
    for (int i = 0; i < signatureLength; i++) {
      signature[i] = 0;
    }
    documentLength = 0;
    signatureLength = 0;
  }

  private Reason verify(byte[] token, int from, int to, boolean isJwt) {
    wipe();
    present = settings;
    group = settings.groups.length == 0 ? 0 : -1;
    if (to - from > settings.maxTokenBytes) {
      return Reason.TOKEN_TOO_LARGE;
    }
    int first = dot(token, from, to);
    int second = dot(token, first + 1, to);
    if (to <= from) {
      return Reason.TOKEN_MISSING;
    }
    if (first <= from || second < 0 || dot(token, second + 1, to) >= 0) {
      return Reason.TOKEN_MALFORMED;
    }
    documentLength = Base64Url.decode(token, from, first, document);
    if (documentLength < 0) {
      documentLength = 0;
      return Reason.ENCODING_INVALID;
    }
    Reason reason = parse(Reason.HEADER_INVALID);
    if (reason != Reason.VALID) {
      return reason;
    }
    reason = signature(token, second + 1, to);
    if (reason == Reason.VALID && group < 0) {
      reason = choose(token, from, first, second);
    }
    if (reason == Reason.VALID) {
      reason = header(token, from, second, isJwt);
    }
    if (reason != Reason.VALID) {
      return reason;
    }
    wipeDocument();
    documentLength = Base64Url.decode(token, first + 1, second, document);
    if (documentLength < 0) {
      documentLength = 0;
      return Reason.ENCODING_INVALID;
    }
    return Reason.VALID;
  }

  /**
   * Reads the issuer that the claims name, not yet genuine: it chooses the keys, and only a token
   * that those keys signed is accepted. Then the header is read again, for there is one tape.
   */
  private Reason choose(byte[] token, int from, int first, int second) {
    Reason reason = decode(token, first + 1, second, Reason.CLAIMS_INVALID);
    if (reason != Reason.VALID) {
      return reason;
    }
    group = ClaimCheck.group(tape, settings.groups);
    if (group < 0) {
      return Reason.ISSUER_NOT_ALLOWED;
    }
    present = settings.groups[group];
    return decode(token, from, first, Reason.HEADER_INVALID);
  }

  private Reason decode(byte[] token, int from, int to, Reason invalid) {
    wipeDocument();
    documentLength = Base64Url.decode(token, from, to, document);
    if (documentLength < 0) {
      documentLength = 0;
      return Reason.ENCODING_INVALID;
    }
    return parse(invalid);
  }

  private Reason signature(byte[] token, int from, int to) {
    if (from == to) {
      return Reason.SIGNATURE_MISSING;
    }
    if (to - from > MAX_SIGNATURE_BYTES * 4 / 3 + 1) {
      return Reason.LIMIT_EXCEEDED;
    }
    signatureLength = Base64Url.decode(token, from, to, signature);
    if (signatureLength < 0) {
      signatureLength = 0;
      return Reason.ENCODING_INVALID;
    }
    return Reason.VALID;
  }

  private Reason parse(Reason invalid) {
    return switch (tape.parse(document, 0, documentLength)) {
      case OK -> Reason.VALID;
      case NOT_JSON -> invalid;
      case DUPLICATE_MEMBER -> Reason.MEMBER_DUPLICATE;
      case TOO_LARGE -> Reason.LIMIT_EXCEEDED;
    };
  }

  private Reason header(byte[] token, int from, int to, boolean isJwt) {
    int alg = tape.member(ALG);
    int kid = tape.member(KID);
    if (tape.kind(alg) != JsonTape.STRING || (kid >= 0 && tape.kind(kid) != JsonTape.STRING)) {
      return Reason.HEADER_INVALID;
    }
    byte[] text = tape.text();
    if (Bytes.equalIgnoringCase(text, tape.start(alg), tape.end(alg), NONE)) {
      return Reason.ALG_NONE;
    }
    Algorithm algorithm = Algorithm.named(text, tape.start(alg), tape.end(alg));
    if (algorithm == null || (present.algorithms & algorithm.bit()) == 0) {
      // A key that nobody knows yet may be the first of another algorithm.
      boolean named = algorithm != null && !algorithm.isHmac() && kid >= 0;
      return named && !isKnown(kid) ? Reason.KEY_NOT_FOUND : Reason.ALG_NOT_ALLOWED;
    }
    // No extension is understood, so none may be critical (RFC 7515 §4.1.11).
    if (tape.member(CRIT) >= 0) {
      return Reason.CRIT_NOT_UNDERSTOOD;
    }
    if (isJwt && !isAllowedType(tape.member(TYP))) {
      return Reason.TYP_NOT_ALLOWED;
    }
    return verifyWithKeys(token, from, to, algorithm, kid);
  }

  private boolean isAllowedType(int typ) {
    if (present.types.length == 1 && Bytes.equal(ANY, 0, 1, present.types[0])) {
      return true;
    }
    if (typ < 0) {
      return !requiresType();
    }
    if (tape.kind(typ) != JsonTape.STRING) {
      return false;
    }
    byte[] text = tape.text();
    int from = tape.start(typ);
    int to = tape.end(typ);
    int prefix = from + APPLICATION.length;
    if (prefix < to && Bytes.equalIgnoringCase(text, from, prefix, APPLICATION)) {
      from = prefix;
    }
    for (byte[] type : present.types) {
      if (Bytes.equalIgnoringCase(text, from, to, type)) {
        return true;
      }
    }
    return false;
  }

  /** A policy that names types other than {@code JWT} wants to see them. */
  private boolean requiresType() {
    for (byte[] type : present.types) {
      if (type.length == 3 && type[0] == 'j' && type[1] == 'w' && type[2] == 't') {
        return false;
      }
    }
    return true;
  }

  private Reason verifyWithKeys(byte[] token, int from, int to, Algorithm algorithm, int kid) {
    boolean known = kid >= 0 && isKnown(kid);
    boolean candidate = false;
    int attempts = 0;
    for (Settings.Key key : present.keys) {
      boolean chosen = known ? isNamed(key, kid) : kid < 0 || key.id.length == 0;
      candidate |= chosen;
      if (chosen && (key.algorithms & algorithm.bit()) != 0) {
        if (attempts++ == MAX_ATTEMPTS) {
          return Reason.LIMIT_EXCEEDED;
        }
        if (verify(key, algorithm, token, from, to)) {
          return Reason.VALID;
        }
      }
    }
    if (attempts > 0) {
      return Reason.SIGNATURE_INVALID;
    }
    return candidate ? Reason.ALG_NOT_ALLOWED : Reason.KEY_NOT_FOUND;
  }

  private boolean verify(Settings.Key key, Algorithm algorithm, byte[] token, int from, int to) {
    if (!algorithm.isHmac()) {
      return arithmetic.verify(key.handle, algorithm, token, from, to, signature, signatureLength);
    }
    Hmac mac = key.macs[algorithm.number()];
    return mac != null && mac.verify(token, from, to, signature, signatureLength);
  }

  private boolean isKnown(int kid) {
    for (Settings.Key key : present.keys) {
      if (isNamed(key, kid)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(Settings.Key key, int kid) {
    return key.id.length > 0 && Bytes.equal(tape.text(), tape.start(kid), tape.end(kid), key.id);
  }

  private void wipeDocument() {
    for (int i = 0; i < documentLength; i++) {
      document[i] = 0;
    }
  }

  private static int dot(byte[] token, int from, int to) {
    for (int i = from; i < to; i++) {
      if (token[i] == '.') {
        return i;
      }
    }
    return -1;
  }
}
