package dev.troth.gate.core;

/**
 * Writes what a validator is configured with: a sequence of records, each a tag (1 byte), a length
 * (4 bytes, big-endian) and so many bytes. The format is part of the module's ABI.
 */
public final class SettingsWriter {
  /**
   * A key: algorithms (4), handle (4), length of its id (2), id, secret; the rest is the secret.
   */
  static final int KEY = 1;

  public static final int ISSUER = 2;
  public static final int AUDIENCE = 3;
  public static final int SUBJECT = 4;
  public static final int TYPE = 5;
  static final int REQUIRED = 6;
  static final int LEEWAY_MILLIS = 7;
  static final int MAX_LIFETIME_MILLIS = 8;
  static final int MAX_TOKEN_BYTES = 9;
  public static final int REVOKED = 10;

  /** Settings within settings: the keys and the policy for the tokens of some issuers. */
  static final int GROUP = 11;

  private byte[] bytes = new byte[256];
  private int length;

  /** A secret for the HMAC algorithms of the set of {@link Algorithm#bit}s. */
  public SettingsWriter secret(int algorithms, byte[] id, byte[] secret) {
    return key(algorithms, 0, id, secret);
  }

  /** A key that the host holds and knows by a handle. */
  public SettingsWriter hostKey(int algorithms, byte[] id, int handle) {
    return key(algorithms, handle, id, new byte[0]);
  }

  public SettingsWriter issuer(byte[] issuer) {
    return text(ISSUER, issuer);
  }

  public SettingsWriter audience(byte[] audience) {
    return text(AUDIENCE, audience);
  }

  public SettingsWriter subject(byte[] subject) {
    return text(SUBJECT, subject);
  }

  /** An accepted {@code typ} in lower case, without {@code application/}; {@code *} for any. */
  public SettingsWriter type(byte[] type) {
    return text(TYPE, type);
  }

  /** The claims that must be there, bits of {@link Settings}. */
  public SettingsWriter required(int claims) {
    return number(REQUIRED, claims);
  }

  public SettingsWriter leewayMillis(long millis) {
    return number(LEEWAY_MILLIS, millis);
  }

  /** The longest time from {@code iat} to {@code exp}; 0 for any. */
  public SettingsWriter maxLifetimeMillis(long millis) {
    return number(MAX_LIFETIME_MILLIS, millis);
  }

  public SettingsWriter maxTokenBytes(int bytes) {
    return number(MAX_TOKEN_BYTES, bytes);
  }

  /** A {@code jti} that is no longer accepted. */
  public SettingsWriter revoked(byte[] id) {
    return text(REVOKED, id);
  }

  /** All records of another writer, as if they had been written here. */
  public SettingsWriter append(SettingsWriter other) {
    ensure(other.length);
    System.arraycopy(other.bytes, 0, bytes, length, other.length);
    length += other.length;
    return this;
  }

  /** The keys and the policy for the tokens of the issuers that they name. */
  public SettingsWriter group(SettingsWriter group) {
    return text(GROUP, group.toBytes());
  }

  public byte[] toBytes() {
    byte[] result = new byte[length];
    System.arraycopy(bytes, 0, result, 0, length);
    return result;
  }

  private SettingsWriter key(int algorithms, int handle, byte[] id, byte[] secret) {
    head(KEY, 10 + id.length + secret.length);
    put(algorithms, 4);
    put(handle, 4);
    put(id.length, 2);
    append(id);
    append(secret);
    return this;
  }

  /** A record of text: {@link #ISSUER}, {@link #AUDIENCE} and so on. */
  public SettingsWriter text(int tag, byte[] text) {
    head(tag, text.length);
    append(text);
    return this;
  }

  private SettingsWriter number(int tag, long number) {
    head(tag, 8);
    put(number, 8);
    return this;
  }

  private void head(int tag, int size) {
    ensure(5);
    put(tag, 1);
    put(size, 4);
    ensure(size);
  }

  private void put(long value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >> shift);
    }
  }

  private void append(byte[] more) {
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      byte[] larger = new byte[Math.max(length + more, 2 * bytes.length)];
      System.arraycopy(bytes, 0, larger, 0, length);
      bytes = larger;
    }
  }
}
