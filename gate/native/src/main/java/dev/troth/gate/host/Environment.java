package dev.troth.gate.host;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.http.ClaimHeaders;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/** The configuration of the native host: environment variables and the files that they name. */
final class Environment {
  private static final int MAX_VALUE_BYTES = 8192;
  private static final int MAX_FILE_BYTES = 64 * 1024;
  private static final String[] CLAIMS = {"exp", "nbf", "iat", "iss", "aud", "sub", "jti"};

  private int port = 3000;
  private int address = 0x0100007F;
  private int idleMillis;
  private int requestMillis;
  private String claimHeaders = ClaimHeaders.DEFAULT;
  private String keyFile = "";
  private String revokedFile = "";
  private long stamp;
  private String problem = "";
  private final PublicKeys publicKeys;
  private final NativeKeys keys;

  Environment(PublicKeys publicKeys) {
    this.publicKeys = publicKeys;
    keys = new NativeKeys(publicKeys);
  }

  int port() {
    return port;
  }

  /** The address to listen on, in network order on a little-endian machine. */
  int address() {
    return address;
  }

  /** How long a client may hold a connection without a request. */
  int idleMillis() {
    return idleMillis;
  }

  /** How long a request may take to come, from its first byte to its last. */
  int requestMillis() {
    return requestMillis;
  }

  String claimHeaders() {
    return claimHeaders;
  }

  /** Configures the module; what is wrong, or nothing. */
  String read(SandboxChecker checker) {
    problem = "";
    port = (int) number("PORT", 3000, 0, 65_535);
    idleMillis = 1000 * (int) number("GATE_IDLE_SECONDS", 60, 1, 3600);
    requestMillis = 1000 * (int) number("GATE_REQUEST_SECONDS", 10, 1, 600);
    String host = text("HOST", "127.0.0.1");
    if (!host(host)) {
      tell("HOST is '" + host + "', expected an IPv4 address");
    }
    claimHeaders = text("GATE_CLAIM_HEADERS", ClaimHeaders.DEFAULT);
    keyFile = text("GATE_KEYS", text("JWT_SECRET_FILE", ""));
    revokedFile = text("GATE_REVOKED", "");
    stamp = stamp();
    SettingsWriter settings = settings();
    return problem.isEmpty() ? configure(checker, settings) : problem;
  }

  /** Reads the files again if one of them changed. What cannot be read changes nothing. */
  void reload(SandboxChecker checker) {
    if ((keyFile.isEmpty() && revokedFile.isEmpty()) || stamp() == stamp) {
      return;
    }
    stamp = stamp();
    problem = "";
    SettingsWriter settings = settings();
    if (problem.isEmpty()) {
      problem = configure(checker, settings);
    }
    NativeMain.say(
        problem.isEmpty() ? 1 : 2,
        problem.isEmpty() ? "keys read again" : "the former keys stay: " + problem);
  }

  /** Keeps the first problem. */
  private void tell(String text) {
    if (problem.isEmpty()) {
      problem = text;
    }
  }

  private String configure(SandboxChecker checker, SettingsWriter settings) {
    int status = checker.configure(settings.toBytes());
    if (status == 0) {
      publicKeys.taken();
    }
    return status == 0 ? "" : "the module refused its settings with " + status;
  }

  private SettingsWriter settings() {
    SettingsWriter settings = new SettingsWriter();
    publicKeys.begin();
    tell(keys(settings));
    list("GATE_ISSUER", settings, SettingsWriter.ISSUER);
    list("GATE_AUDIENCE", settings, SettingsWriter.AUDIENCE);
    list("GATE_SUBJECT", settings, SettingsWriter.SUBJECT);
    list("GATE_TYP", settings, SettingsWriter.TYPE);
    required(settings);
    settings.leewayMillis(1000 * number("GATE_LEEWAY", 0, 0, 600));
    settings.maxLifetimeMillis(1000 * number("GATE_MAX_LIFETIME", 0, 0, Integer.MAX_VALUE));
    settings.maxTokenBytes(
        (int)
            number(
                "GATE_MAX_TOKEN_BYTES",
                Settings.DEFAULT_MAX_TOKEN_BYTES,
                64,
                Settings.LARGEST_MAX_TOKEN_BYTES));
    revoked(settings);
    return settings;
  }

  private String keys(SettingsWriter settings) {
    if (!keyFile.isEmpty()) {
      byte[] text = file(keyFile);
      return text == null
          ? "key file " + keyFile + " cannot be read or is larger than 65536 bytes"
          : keys.write(text, settings);
    }
    byte[] secret = variable("JWT_SECRET");
    return secret == null || secret.length == 0
        ? "there is no key: set JWT_SECRET (export JWT_SECRET=$(openssl rand -base64 48)) or name"
            + " a file in GATE_KEYS"
        : keys.writeSecret(secret, settings);
  }

  private void required(SettingsWriter settings) {
    byte[] list = variable("GATE_REQUIRE");
    int bits = 0;
    for (int from = 0; list != null && from < list.length; from = end(list, from) + 1) {
      int bit = -1;
      for (int i = 0; i < CLAIMS.length; i++) {
        if (Bytes.equal(list, from, end(list, from), Bytes.ascii(CLAIMS[i]))) {
          bit = i;
        }
      }
      if (bit < 0) {
        tell("GATE_REQUIRE names a claim that is none of exp,nbf,iat,iss,aud,sub,jti");
      } else {
        bits |= 1 << bit;
      }
    }
    settings.required(bits);
  }

  private void revoked(SettingsWriter settings) {
    if (revokedFile.isEmpty()) {
      return;
    }
    byte[] text = file(revokedFile);
    if (text == null) {
      tell("GATE_REVOKED " + revokedFile + " cannot be read or is larger than 65536 bytes");
      return;
    }
    int from = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length || text[i] == '\n') {
        if (i > from) {
          settings.text(SettingsWriter.REVOKED, slice(text, from, i));
        }
        from = i + 1;
      }
    }
  }

  private static void list(String name, SettingsWriter settings, int tag) {
    byte[] list = variable(name);
    for (int from = 0; list != null && from < list.length; from = end(list, from) + 1) {
      byte[] item = slice(list, from, end(list, from));
      if (tag == SettingsWriter.TYPE) {
        for (int i = 0; i < item.length; i++) {
          item[i] = (byte) Bytes.lowerCase(item[i]);
        }
      }
      settings.text(tag, item);
    }
  }

  private long number(String name, long otherwise, long least, long most) {
    byte[] text = variable(name);
    if (text == null || text.length == 0) {
      return otherwise;
    }
    long value = 0;
    for (byte b : text) {
      if (b < '0' || b > '9' || value > most) {
        value = -1;
        break;
      }
      value = value * 10 + (b - '0');
    }
    if (value < least || value > most) {
      tell(name + " is '" + string(text) + "', expected " + least + " to " + most);
      return otherwise;
    }
    return value;
  }

  private boolean host(String text) {
    int value = 0;
    int part = 0;
    int parts = 0;
    int digits = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.' && digits > 0 && part <= 255) {
        value |= part << (8 * parts++);
        part = 0;
        digits = 0;
      } else if (c >= '0' && c <= '9' && digits < 3 && parts < 4) {
        part = part * 10 + (c - '0');
        digits++;
      } else {
        return false;
      }
    }
    address = value;
    return parts == 4;
  }

  private long stamp() {
    long result = 0;
    if (!keyFile.isEmpty()) {
      result = Native.fileStamp(Address.ofData(NativeMain.terminated(keyFile)));
    }
    if (!revokedFile.isEmpty()) {
      result = result * 31 + Native.fileStamp(Address.ofData(NativeMain.terminated(revokedFile)));
    }
    return result;
  }

  private static byte @Nullable [] file(String path) {
    byte[] name = NativeMain.terminated(path);
    byte[] buffer = new byte[MAX_FILE_BYTES + 1];
    int length = Native.readFile(Address.ofData(name), Address.ofData(buffer), buffer.length);
    return length < 0 || length > MAX_FILE_BYTES ? null : slice(buffer, 0, length);
  }

  private static byte @Nullable [] variable(String name) {
    byte[] key = NativeMain.terminated(name);
    byte[] buffer = new byte[MAX_VALUE_BYTES];
    int length = Native.environment(Address.ofData(key), Address.ofData(buffer), buffer.length);
    return length < 0 ? null : slice(buffer, 0, length);
  }

  private static String text(String name, String otherwise) {
    byte[] value = variable(name);
    return value == null || value.length == 0 ? otherwise : string(value);
  }

  private static String string(byte[] text) {
    StringBuilder string = new StringBuilder();
    for (byte b : text) {
      string.append((char) (b & 0xFF));
    }
    return string.toString();
  }

  private static int end(byte[] list, int from) {
    int at = from;
    while (at < list.length && list[at] != ',') {
      at++;
    }
    return at;
  }

  private static byte[] slice(byte[] text, int from, int to) {
    byte[] slice = new byte[to - from];
    System.arraycopy(text, from, slice, 0, slice.length);
    return slice;
  }
}
