package dev.troth.gate.core;

import org.jspecify.annotations.Nullable;

/** The keys and the policy of a validator, read from what {@link SettingsWriter} wrote. */
public final class Settings {
  /** Bits of the claims that can be required. */
  public static final int EXP = 1;

  public static final int NBF = 2;
  public static final int IAT = 4;
  public static final int ISS = 8;
  public static final int AUD = 16;
  public static final int SUB = 32;
  public static final int JTI = 64;

  /** The shortest secret in bytes (RFC 7518 §3.2 for HS256). */
  public static final int MIN_SECRET_BYTES = 32;

  public static final int DEFAULT_MAX_TOKEN_BYTES = 8192;
  public static final int LARGEST_MAX_TOKEN_BYTES = 65_536;

  /** How far {@code iat} may lie ahead beyond the leeway, for issuers whose clock runs ahead. */
  static final long ISSUED_AHEAD_MILLIS = 60_000;

  private static final byte[][] NO_TEXTS = {};
  private static final Settings[] NO_GROUPS = {};

  /** Each with keys and a policy for its issuers; without any, these settings are for all. */
  Settings[] groups = NO_GROUPS;

  Key[] keys = {};
  int algorithms;
  byte[][] issuers = NO_TEXTS;
  byte[][] audiences = NO_TEXTS;
  byte[][] subjects = NO_TEXTS;
  byte[][] types = {Bytes.ascii("jwt"), Bytes.ascii("at+jwt")};
  RevokedIds revoked = new RevokedIds(NO_TEXTS);
  int required;
  long leewayMillis;
  long maxLifetimeMillis;
  int maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES;

  private Settings() {}

  /** A key, bound to its algorithms; {@code mac} is there for HMAC. */
  static final class Key {
    final byte[] id;
    final int algorithms;
    final int handle;
    final @Nullable Hmac[] macs = new Hmac[3];

    private Key(byte[] id, int algorithms, int handle) {
      this.id = id;
      this.algorithms = algorithms;
      this.handle = handle;
    }
  }

  /** The settings of the bytes, or null if they are not well-formed or a secret is too short. */
  public static @Nullable Settings read(byte[] bytes, int from, int to) {
    return read(bytes, from, to, SettingsWriter.GROUP);
  }

  private static @Nullable Settings read(byte[] bytes, int from, int to, int lastTag) {
    Settings settings = new Settings();
    byte[][][] texts = texts(bytes, from, to);
    int[] filled = new int[texts.length];
    int at = from;
    int keys = 0;
    while (at < to) {
      if (to - at < 5) {
        return null;
      }
      int tag = bytes[at];
      int size = (int) number(bytes, at + 1, 4);
      at += 5;
      if (tag < SettingsWriter.KEY || tag > lastTag || size < 0 || size > to - at) {
        return null;
      }
      boolean read =
          switch (tag) {
            case SettingsWriter.KEY -> settings.addKey(keys++, bytes, at, at + size);
            case SettingsWriter.GROUP ->
                settings.addGroup(read(bytes, at, at + size, SettingsWriter.MAX_LIFETIME_MILLIS));
            case SettingsWriter.ISSUER,
                SettingsWriter.AUDIENCE,
                SettingsWriter.SUBJECT,
                SettingsWriter.TYPE,
                SettingsWriter.REVOKED -> {
              texts[tag][filled[tag]++] = copy(bytes, at, size);
              yield true;
            }
            default -> size == 8 && settings.set(tag, number(bytes, at, 8));
          };
      if (!read) {
        return null;
      }
      at += size;
    }
    settings.issuers = texts[SettingsWriter.ISSUER];
    settings.audiences = texts[SettingsWriter.AUDIENCE];
    settings.subjects = texts[SettingsWriter.SUBJECT];
    if (texts[SettingsWriter.TYPE].length > 0) {
      settings.types = texts[SettingsWriter.TYPE];
    }
    settings.revoked = new RevokedIds(texts[SettingsWriter.REVOKED]);
    return settings;
  }

  /** A group is chosen by the token's issuer, so it names one at least. */
  private boolean addGroup(@Nullable Settings group) {
    if (group == null || group.issuers.length == 0) {
      return false;
    }
    Settings[] more = new Settings[groups.length + 1];
    System.arraycopy(groups, 0, more, 0, groups.length);
    more[groups.length] = group;
    groups = more;
    return true;
  }

  private boolean addKey(int index, byte[] bytes, int from, int to) {
    if (to - from < 10) {
      return false;
    }
    int mask = (int) number(bytes, from, 4);
    int idLength = (int) number(bytes, from + 8, 2);
    int secret = from + 10 + idLength;
    if (secret > to || mask == 0) {
      return false;
    }
    byte[] id = copy(bytes, from + 10, idLength);
    Key key = new Key(id, mask, (int) number(bytes, from + 4, 4));
    for (int i = 0; i < key.macs.length; i++) {
      Algorithm algorithm = Algorithm.of(i);
      if (algorithm != null && (mask & algorithm.bit()) != 0) {
        if (to - secret < Math.max(MIN_SECRET_BYTES, algorithm.hashBytes())) {
          return false;
        }
        key.macs[i] = new Hmac(algorithm, bytes, secret, to);
      }
    }
    Key[] more = new Key[index + 1];
    System.arraycopy(keys, 0, more, 0, index);
    more[index] = key;
    keys = more;
    algorithms |= mask;
    return true;
  }

  private boolean set(int tag, long value) {
    if (value < 0) {
      return false;
    }
    switch (tag) {
      case SettingsWriter.REQUIRED -> required = (int) value;
      case SettingsWriter.LEEWAY_MILLIS -> leewayMillis = value;
      case SettingsWriter.MAX_LIFETIME_MILLIS -> maxLifetimeMillis = value;
      case SettingsWriter.MAX_TOKEN_BYTES -> {
        if (value == 0 || value > LARGEST_MAX_TOKEN_BYTES) {
          return false;
        }
        maxTokenBytes = (int) value;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Room for the texts of each tag: a long list is not copied for each of its entries. */
  private static byte[][][] texts(byte[] bytes, int from, int to) {
    int[] counts = new int[SettingsWriter.GROUP + 1];
    int at = from;
    while (to - at >= 5) {
      int tag = bytes[at];
      int size = (int) number(bytes, at + 1, 4);
      if (tag < 0 || tag >= counts.length || size < 0 || size > to - at - 5) {
        break;
      }
      counts[tag]++;
      at += 5 + size;
    }
    byte[][][] texts = new byte[counts.length][][];
    for (int i = 0; i < counts.length; i++) {
      texts[i] = new byte[counts[i]][];
    }
    return texts;
  }

  private static byte[] copy(byte[] bytes, int from, int size) {
    byte[] copy = new byte[size];
    System.arraycopy(bytes, from, copy, 0, size);
    return copy;
  }

  private static long number(byte[] bytes, int from, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = (value << 8) | (bytes[from + i] & 0xFF);
    }
    return size == 4 ? (int) value : value;
  }
}
