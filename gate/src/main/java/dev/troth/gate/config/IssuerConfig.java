package dev.troth.gate.config;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;

/** Some issuers that are trusted alike: where their keys are, and what their tokens must say. */
public final class IssuerConfig {
  /** The claims that can be required, in the order of their bits. */
  static final String[] CLAIMS = {"exp", "nbf", "iat", "iss", "aud", "sub", "jti"};

  private static final long LONGEST_LEEWAY_SECONDS = 600;

  private final byte[][] issuers;
  private final byte[][] audiences;
  private final byte[][] subjects;
  private final byte[][] types;
  private final String keys;
  private final String secretFile;
  private final String jwksUrl;
  private final boolean discovery;
  private final int algorithms;
  private final int required;
  private final long leewaySeconds;
  private final long maxLifetimeSeconds;

  IssuerConfig(ConfigReader reader, int object, String place, byte[] json) {
    reader.known(
        object,
        place,
        "issuer",
        "keys",
        "secretFile",
        "jwksUrl",
        "discovery",
        "algorithms",
        "audiences",
        "subjects",
        "types",
        "require",
        "leeway",
        "maxLifetime");
    issuers = reader.texts(object, place, "issuer");
    audiences = reader.texts(object, place, "audiences");
    subjects = reader.texts(object, place, "subjects");
    types = reader.texts(object, place, "types");
    keys = reader.text(object, place, "keys");
    secretFile = reader.text(object, place, "secretFile");
    jwksUrl = reader.text(object, place, "jwksUrl");
    discovery = reader.flag(object, place, "discovery", false);
    algorithms = algorithms(reader, object, place);
    required = required(reader, object, place);
    leewaySeconds = reader.number(object, place, "leeway", json, 0, 0, LONGEST_LEEWAY_SECONDS);
    maxLifetimeSeconds = reader.number(object, place, "maxLifetime", json, 0, 1, Integer.MAX_VALUE);
    int sources =
        (keys.isEmpty() ? 0 : 1)
            + (secretFile.isEmpty() ? 0 : 1)
            + (jwksUrl.isEmpty() ? 0 : 1)
            + (discovery ? 1 : 0);
    if (sources != 1) {
      reader.fail(
          place,
          "names "
              + sources
              + " sources of keys, expected one of keys, secretFile,"
              + " jwksUrl and discovery");
    }
    if (discovery && issuers.length != 1) {
      reader.fail(place, "has discovery, which wants one issuer");
    }
  }

  private static int algorithms(ConfigReader reader, int object, String place) {
    int bits = 0;
    for (byte[] name : reader.texts(object, place, "algorithms")) {
      Algorithm algorithm = Algorithm.named(name, 0, name.length);
      if (algorithm == null) {
        reader.fail(ConfigReader.place(place, "algorithms"), "has a name that is no algorithm");
      } else {
        bits |= algorithm.bit();
      }
    }
    return bits;
  }

  private static int required(ConfigReader reader, int object, String place) {
    int bits = 0;
    for (byte[] name : reader.texts(object, place, "require")) {
      int bit = claim(name, 0, name.length);
      if (bit < 0) {
        reader.fail(
            ConfigReader.place(place, "require"), "has a claim that is none of " + claims());
      } else {
        bits |= 1 << bit;
      }
    }
    return bits;
  }

  /** The place of a claim among those that can be required, or -1. */
  public static int claim(byte[] text, int from, int to) {
    for (int i = 0; i < CLAIMS.length; i++) {
      if (Bytes.equal(text, from, to, Bytes.ascii(CLAIMS[i]))) {
        return i;
      }
    }
    return -1;
  }

  /** The claims that can be required, for messages. */
  public static String claims() {
    return String.join(",", CLAIMS);
  }

  /** Writes the policy, without keys. */
  public void writeTo(SettingsWriter settings) {
    for (byte[] issuer : issuers) {
      settings.issuer(issuer);
    }
    for (byte[] audience : audiences) {
      settings.audience(audience);
    }
    for (byte[] subject : subjects) {
      settings.subject(subject);
    }
    for (byte[] type : types) {
      settings.type(type(type));
    }
    settings.required(required);
    settings.leewayMillis(1000 * leewaySeconds);
    settings.maxLifetimeMillis(1000 * maxLifetimeSeconds);
  }

  /** A type in lower case, without {@code application/}. */
  public static byte[] type(byte[] type) {
    byte[] prefix = Bytes.ascii("application/");
    int from =
        type.length > prefix.length && Bytes.equalIgnoringCase(type, 0, prefix.length, prefix)
            ? prefix.length
            : 0;
    byte[] lower = new byte[type.length - from];
    for (int i = 0; i < lower.length; i++) {
      lower[i] = (byte) Bytes.lowerCase(type[from + i]);
    }
    return lower;
  }

  public byte[][] issuers() {
    return issuers;
  }

  public byte[][] audiences() {
    return audiences;
  }

  public byte[][] subjects() {
    return subjects;
  }

  public byte[][] types() {
    return types;
  }

  /** A file of public keys, or nothing. */
  public String keys() {
    return keys;
  }

  /** A file of secrets, or nothing. */
  public String secretFile() {
    return secretFile;
  }

  /** Where a JWK set is fetched, or nothing. */
  public String jwksUrl() {
    return jwksUrl;
  }

  /** Whether the issuer says where its keys are. */
  public boolean discovery() {
    return discovery;
  }

  /** The only algorithms that its keys may be used with, as bits; 0 for all that they fit. */
  public int algorithms() {
    return algorithms;
  }

  /** Bits of {@link Settings#EXP} and so on. */
  public int required() {
    return required;
  }

  public long leewaySeconds() {
    return leewaySeconds;
  }

  public long maxLifetimeSeconds() {
    return maxLifetimeSeconds;
  }
}
