package dev.troth.gate.host;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/** The variables of the environment that gate knows; others of its names are refused. */
final class Variables {
  static final String[] KNOWN = {
    "GATE_CONFIG",
    "PORT",
    "HOST",
    "GATE_REQUEST_SECONDS",
    "GATE_IDLE_SECONDS",
    "JWT_SECRET",
    "JWT_SECRET_FILE",
    "GATE_KEYS",
    "GATE_ISSUER",
    "GATE_AUDIENCE",
    "GATE_SUBJECT",
    "GATE_TYP",
    "GATE_ALG",
    "GATE_REQUIRE",
    "GATE_LEEWAY",
    "GATE_MAX_LIFETIME",
    "GATE_MAX_TOKEN_BYTES",
    "GATE_REVOKED",
    "GATE_CLAIM_HEADERS",
    "GATE_COOKIE",
    "GATE_PREFLIGHT",
    "GATE_PATH_FROM"
  };

  /** How many of them stand beside a configuration file; the others stand in it. */
  static final int BESIDE_FILE = 5;

  private static final int MAX_VALUE_BYTES = 8192;

  private Variables() {}

  /**
   * The first variable that is known and empty or too long, or begins with {@code GATE_} and is not
   * known. An empty one would turn a check off: what should have stood there was missing.
   */
  static String wrong() {
    byte[] buffer = new byte[64];
    for (int i = 0; ; i++) {
      int length = Native.environmentName(i, Address.ofData(buffer), buffer.length);
      if (length < 0) {
        return "";
      }
      String name = string(buffer, length);
      if (isKnown(name)) {
        byte[] value = bytes(name);
        if (value == null) {
          return name + " is longer than 8192 bytes";
        }
        if (value.length == 0) {
          return name + " is empty: expected a value";
        }
      } else if (name.startsWith("GATE_")) {
        StringBuilder words = new StringBuilder(name).append(" is not a variable of gate:");
        for (String known : KNOWN) {
          words.append(known.startsWith("GATE_") ? " " + known : "");
        }
        return words.toString();
      }
    }
  }

  private static boolean isKnown(String name) {
    for (String known : KNOWN) {
      if (known.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** A variable's value; null if it is not there or too long. */
  static byte @Nullable [] bytes(String name) {
    byte[] key = NativeMain.terminated(name);
    byte[] value = new byte[0];
    int length = Native.environment(Address.ofData(key), Address.ofData(value), 0);
    if (length < 0 || length > MAX_VALUE_BYTES) {
      return null;
    }
    value = new byte[length];
    Native.environment(Address.ofData(key), Address.ofData(value), length);
    return value;
  }

  /** A variable's text; another if it is not there. */
  static String text(String name, String otherwise) {
    byte[] value = bytes(name);
    return value == null ? otherwise : string(value, value.length);
  }

  static String string(byte[] text, int length) {
    StringBuilder string = new StringBuilder();
    for (int i = 0; i < length; i++) {
      string.append((char) (text[i] & 0xFF));
    }
    return string.toString();
  }
}
