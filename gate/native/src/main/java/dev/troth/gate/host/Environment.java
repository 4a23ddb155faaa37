package dev.troth.gate.host;

import dev.troth.gate.config.GateConfig;
import dev.troth.gate.config.IssuerConfig;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.jwk.KeyDocument;
import org.jspecify.annotations.Nullable;

/** The configuration of the native host: environment variables and the files that they name. */
final class Environment {
  private static final int MAX_REVOKED_BYTES = 64 * 1024;

  private final PublicKeys publicKeys;
  private final Secrets secrets = new Secrets();
  private final Sources sources = new Sources();
  private ServiceSettings service = ServiceSettings.DEFAULT;
  private @Nullable GateConfig config;
  private String folder = "";
  private String revokedFile = "";
  private int port = 3000;
  private int idleMillis;
  private int requestMillis;
  private String problem = "";

  Environment(PublicKeys publicKeys) {
    this.publicKeys = publicKeys;
  }

  int port() {
    return port;
  }

  String host() {
    return Variables.text("HOST", "127.0.0.1");
  }

  /** How long a client may hold a connection without a request. */
  int idleMillis() {
    return idleMillis;
  }

  /** How long a request may take to come, from its first byte to its last, and its answer to go. */
  int requestMillis() {
    return requestMillis;
  }

  ServiceSettings service() {
    return service;
  }

  /** Whether the files could not be read again and the former keys are in use. */
  boolean isDegraded() {
    return !problem.isEmpty();
  }

  /** Configures the module; what is wrong, or nothing. */
  String read(SandboxChecker checker) {
    problem = Variables.wrong();
    port = (int) number("PORT", 3000, 0, 65_535);
    idleMillis = 1000 * (int) number("GATE_IDLE_SECONDS", 60, 1, 3600);
    requestMillis = 1000 * (int) number("GATE_REQUEST_SECONDS", 10, 1, 600);
    String file = Variables.text("GATE_CONFIG", "");
    if (file.isEmpty()) {
      service = ofVariables();
      revokedFile = Variables.text("GATE_REVOKED", "");
    } else {
      config(file);
    }
    SettingsWriter settings = settings();
    if (problem.isEmpty()) {
      sources.changed(KeyDocument.MAX_BYTES);
      return configure(checker, settings);
    }
    return problem;
  }

  /** Reads the files again if one of them changed. What cannot be read changes nothing. */
  void reload(SandboxChecker checker) {
    if (!sources.changed(KeyDocument.MAX_BYTES)) {
      return;
    }
    problem = "";
    SettingsWriter settings = settings();
    if (problem.isEmpty()) {
      problem = configure(checker, settings);
    }
    NativeMain.say(
        problem.isEmpty() ? 1 : 2,
        problem.isEmpty() ? "keys read again" : "the former keys stay: " + problem);
  }

  /** Reading the files again ended in an exception or for want of memory. */
  void failed() {
    problem = "there was no memory to read the files again";
    NativeMain.say(2, "the former keys stay: " + problem);
  }

  /** Keeps the first problem. */
  private void tell(String text) {
    if (problem.isEmpty()) {
      problem = text;
    }
  }

  /** What the sandbox says when the module could not take its settings at all. */
  private static final int NO_ROOM = 1000;

  private String configure(SandboxChecker checker, SettingsWriter settings) {
    int status = checker.configure(settings.toBytes());
    if (status == 0) {
      publicKeys.taken();
      secrets.taken();
    }
    if (status == NO_ROOM) {
      return "the module has no room for these settings: too many keys or revoked ids";
    }
    return status == 0 ? "" : "the module refused its settings with " + status;
  }

  private void config(String file) {
    for (int i = Variables.BESIDE_FILE; i < Variables.KNOWN.length; i++) {
      if (Variables.bytes(Variables.KNOWN[i]) != null) {
        tell(Variables.KNOWN[i] + " and GATE_CONFIG: expected one of them");
      }
    }
    byte[] json = sources.read(file, KeyDocument.MAX_BYTES);
    if (json == null) {
      tell("GATE_CONFIG " + file + " cannot be read");
      return;
    }
    GateConfig read = GateConfig.read(json);
    if (!read.problem().isEmpty()) {
      tell("GATE_CONFIG " + file + ": " + read.problem());
      return;
    }
    int slash = file.lastIndexOf('/');
    folder = slash < 0 ? "" : file.substring(0, slash + 1);
    for (int i = 0; i < read.issuers().length; i++) {
      IssuerConfig issuer = read.issuers()[i];
      if (issuer.discovery() || !issuer.jwksUrl().isEmpty()) {
        tell(
            "issuers["
                + i
                + "] has keys behind an address, and this host fetches none: troth gate keys sync"
                + " keeps a file, which keys names");
      }
    }
    config = read;
    service = read.service();
    revokedFile = beside(read.revoked());
  }

  private String beside(String path) {
    return path.isEmpty() || path.startsWith("/") ? path : folder + path;
  }

  private ServiceSettings ofVariables() {
    String headers = Variables.text("GATE_CLAIM_HEADERS", ClaimHeaders.DEFAULT);
    if (!ClaimHeaders.isWellFormed(headers)) {
      tell("GATE_CLAIM_HEADERS is '" + headers + "', expected " + ClaimHeaders.EXPECTED);
    }
    String cookie = Variables.text("GATE_COOKIE", "");
    if (!ServiceSettings.isCookieName(cookie)) {
      tell("GATE_COOKIE is '" + cookie + "', expected the name of a cookie");
    }
    String preflight = Variables.text("GATE_PREFLIGHT", "on");
    if (!preflight.equals("on") && !preflight.equals("off")) {
      tell("GATE_PREFLIGHT is '" + preflight + "', expected on or off");
    }
    ServiceSettings.PathFrom from =
        ServiceSettings.PathFrom.named(Variables.text("GATE_PATH_FROM", ""));
    if (from == null) {
      tell("GATE_PATH_FROM is none of auth, x-original and x-forwarded");
      from = ServiceSettings.PathFrom.AUTH;
    }
    return new ServiceSettings(
        ClaimHeaders.parse(headers), cookie, preflight.equals("on"), from, PathRules.NONE);
  }

  private SettingsWriter settings() {
    SettingsWriter settings = new SettingsWriter();
    publicKeys.begin();
    secrets.begin();
    GateConfig file = config;
    if (file == null) {
      ofVariables(settings);
    } else {
      ofFile(file, settings);
    }
    revoked(settings);
    return settings;
  }

  private void ofFile(GateConfig file, SettingsWriter settings) {
    for (int i = 0; i < file.issuers().length; i++) {
      IssuerConfig issuer = file.issuers()[i];
      SettingsWriter one = new SettingsWriter();
      String keys = beside(issuer.keys());
      String secret = beside(issuer.secretFile());
      if (!keys.isEmpty()) {
        keys(keys, issuer.algorithms(), one);
      } else if (!secret.isEmpty()) {
        secret(i, secret, issuer.algorithms(), one);
      }
      issuer.writeTo(one);
      if (file.issuers().length > 1) {
        settings.group(one);
      } else {
        settings.append(one);
      }
    }
    settings.maxTokenBytes(file.maxTokenBytes());
  }

  private void ofVariables(SettingsWriter settings) {
    int algorithms = Lists.algorithms("GATE_ALG");
    if (algorithms < 0) {
      tell("GATE_ALG has a name that is no algorithm");
    }
    oneSource(settings, Math.max(0, algorithms));
    Lists.texts("GATE_ISSUER", settings, SettingsWriter.ISSUER);
    Lists.texts("GATE_AUDIENCE", settings, SettingsWriter.AUDIENCE);
    Lists.texts("GATE_SUBJECT", settings, SettingsWriter.SUBJECT);
    Lists.texts("GATE_TYP", settings, SettingsWriter.TYPE);
    int required = Lists.claims("GATE_REQUIRE");
    if (required < 0) {
      tell("GATE_REQUIRE names a claim that is none of " + IssuerConfig.claims());
    }
    settings.required(Math.max(0, required));
    settings.leewayMillis(1000 * number("GATE_LEEWAY", 0, 0, 600));
    settings.maxLifetimeMillis(1000 * number("GATE_MAX_LIFETIME", 0, 1, Integer.MAX_VALUE));
    settings.maxTokenBytes(
        (int)
            number(
                "GATE_MAX_TOKEN_BYTES",
                Settings.DEFAULT_MAX_TOKEN_BYTES,
                64,
                Settings.LARGEST_MAX_TOKEN_BYTES));
  }

  private void oneSource(SettingsWriter settings, int algorithms) {
    String keys = Variables.text("GATE_KEYS", "");
    String file = Variables.text("JWT_SECRET_FILE", "");
    byte[] secret = Variables.bytes("JWT_SECRET");
    if ((keys.isEmpty() ? 0 : 1) + (file.isEmpty() ? 0 : 1) + (secret == null ? 0 : 1) > 1) {
      tell("JWT_SECRET, JWT_SECRET_FILE and GATE_KEYS: expected one of them");
    } else if (!keys.isEmpty()) {
      keys(keys, algorithms, settings);
    } else if (!file.isEmpty()) {
      secret(0, file, algorithms, settings);
    } else if (secret != null) {
      String wrong = secrets.write(secret, algorithms, settings);
      tell(wrong.isEmpty() ? "" : "JWT_SECRET " + wrong);
    } else {
      tell(
          "there is no key: set JWT_SECRET (export JWT_SECRET=$(openssl rand -base64 48)), or name"
              + " a file of secrets in JWT_SECRET_FILE or of public keys in GATE_KEYS");
    }
  }

  private void keys(String path, int algorithms, SettingsWriter settings) {
    byte[] text = content(path, KeyDocument.MAX_BYTES);
    if (text != null) {
      String wrong = publicKeys.write(text, algorithms, settings);
      tell(wrong.isEmpty() ? "" : "key file " + path + " " + wrong);
    }
  }

  private void secret(int place, String path, int algorithms, SettingsWriter settings) {
    byte[] text = content(path, KeyDocument.MAX_BYTES);
    if (text != null) {
      String wrong = secrets.write(place, text, algorithms, settings);
      tell(wrong.isEmpty() ? "" : "secret file " + path + " " + wrong);
    }
  }

  private void revoked(SettingsWriter settings) {
    byte[] text = revokedFile.isEmpty() ? null : content(revokedFile, MAX_REVOKED_BYTES);
    int from = 0;
    for (int i = 0; text != null && i <= text.length; i++) {
      if (i == text.length || text[i] == '\n') {
        int to = i > from && text[i - 1] == '\r' ? i - 1 : i;
        if (to > from) {
          settings.text(SettingsWriter.REVOKED, Lists.slice(text, from, to));
        }
        from = i + 1;
      }
    }
  }

  private byte @Nullable [] content(String path, int maxBytes) {
    sources.add(path);
    byte[] text = sources.read(path, maxBytes);
    if (text == null) {
      tell(path + " cannot be read or is larger than " + maxBytes + " bytes");
    }
    return text;
  }

  private long number(String name, long otherwise, long least, long most) {
    byte[] text = Variables.bytes(name);
    if (text == null) {
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
      String words = Variables.string(text, text.length);
      tell(name + " is '" + words + "', expected " + least + " to " + most);
      return otherwise;
    }
    return value;
  }
}
