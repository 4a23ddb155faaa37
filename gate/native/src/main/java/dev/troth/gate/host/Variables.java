package dev.troth.gate.host;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/** The variables of the environment that gate knows; others of its names are refused. */
final class Variables {
  static final String[] KNOWN = {
    "JWT_SECRET",
    "JWT_SECRET_FILE",
    "GATE_KEYS",
    "GATE_CONFIG",
    "PORT",
    "HOST",
    "GATE_ISSUER",
    "GATE_AUDIENCE",
    "GATE_SUBJECT",
    "GATE_TYP",
    "GATE_ALG",
    "GATE_REQUIRE",
    "GATE_LEEWAY",
    "GATE_MAX_LIFETIME",
    "GATE_MAX_TOKEN_BYTES",
    "GATE_REQUEST_SECONDS",
    "GATE_IDLE_SECONDS",
    "GATE_REVOKED",
    "GATE_CLAIM_HEADERS",
    "GATE_COOKIE",
    "GATE_PREFLIGHT",
    "GATE_PATH_FROM"
  };

  private static final int MAX_VALUE_BYTES = 8192;

  private Variables() {}

  /** The first variable that begins with {@code GATE_} and is not known, with those that are. */
  static String unknown() {
    byte[] buffer = new byte[64];
    for (int i = 0; ; i++) {
      int length = Native.environmentName(i, Address.ofData(buffer), buffer.length);
      if (length < 0) {
        return "";
      }
      String name = string(buffer, length);
      if (name.startsWith("GATE_") && !isKnown(name)) {
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

  static byte @Nullable [] bytes(String name) {
    byte[] key = NativeMain.terminated(name);
    byte[] buffer = new byte[MAX_VALUE_BYTES];
    int length = Native.environment(Address.ofData(key), Address.ofData(buffer), buffer.length);
    if (length < 0) {
      return null;
    }
    byte[] value = new byte[length];
    System.arraycopy(buffer, 0, value, 0, length);
    for (int i = 0; i < length; i++) {
      buffer[i] = 0;
    }
    return value;
  }

  static boolean isTooLong(String name) {
    byte[] key = NativeMain.terminated(name);
    byte[] buffer = new byte[MAX_VALUE_BYTES];
    return Native.environment(Address.ofData(key), Address.ofData(buffer), buffer.length) == -2;
  }

  /** A variable's text; another if it is not there or empty. */
  static String text(String name, String otherwise) {
    byte[] value = bytes(name);
    return value == null || value.length == 0 ? otherwise : string(value, value.length);
  }

  static String string(byte[] text, int length) {
    StringBuilder string = new StringBuilder();
    for (int i = 0; i < length; i++) {
      string.append((char) (text[i] & 0xFF));
    }
    return string.toString();
  }
}
