package dev.troth.gate.config;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.Settings;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.http.ServiceSettings;

/**
 * The JSON form of a configuration file. JVM hosts read it as YAML as well.
 *
 * <pre>{@code
 * {"issuers": [{"issuer": "https://id.example", "keys": "keys.json", "audiences": ["orders"]}],
 *  "rules": [{"path": "/orders", "methods": ["POST"], "scopes": ["orders:write"]}]}
 * }</pre>
 */
public final class GateConfig {
  private static final int MAX_ISSUERS = 64;
  private static final int MAX_RULES = 256;

  private final IssuerConfig[] issuers;
  private final ServiceSettings service;
  private final String revoked;
  private final int maxTokenBytes;
  private final String[] jwksHttpHosts;
  private final String problem;

  private GateConfig(byte[] json) {
    ConfigReader reader = new ConfigReader(json);
    reader.known(
        0,
        "",
        "issuers",
        "rules",
        "revoked",
        "maxTokenBytes",
        "claimHeaders",
        "cookie",
        "preflight",
        "pathFrom",
        "jwksHttpHosts");
    issuers = issuers(reader, json);
    revoked = reader.text(0, "", "revoked");
    maxTokenBytes =
        (int)
            reader.number(
                0,
                "",
                "maxTokenBytes",
                json,
                Settings.DEFAULT_MAX_TOKEN_BYTES,
                64,
                Settings.LARGEST_MAX_TOKEN_BYTES);
    jwksHttpHosts = hosts(reader);
    service = service(reader, json);
    problem = reader.problem();
  }

  /** Reads a configuration; {@link #problem} says what is wrong with it. */
  public static GateConfig read(byte[] json) {
    return new GateConfig(json);
  }

  /** What is wrong, with its place; or nothing. */
  public String problem() {
    return problem;
  }

  public IssuerConfig[] issuers() {
    return issuers;
  }

  public ServiceSettings service() {
    return service;
  }

  /** A file of {@code jti} values, or nothing. */
  public String revoked() {
    return revoked;
  }

  public int maxTokenBytes() {
    return maxTokenBytes;
  }

  /** Hosts from which keys may come over plain http. */
  public String[] jwksHttpHosts() {
    return jwksHttpHosts;
  }

  private static IssuerConfig[] issuers(ConfigReader reader, byte[] json) {
    int[] elements = reader.elements(0, "", "issuers");
    if (elements.length == 0 || elements.length > MAX_ISSUERS) {
      reader.fail("issuers", "has " + elements.length + " elements, expected 1 to " + MAX_ISSUERS);
      return new IssuerConfig[0];
    }
    IssuerConfig[] issuers = new IssuerConfig[elements.length];
    for (int i = 0; i < issuers.length; i++) {
      String place = "issuers[" + i + "]";
      issuers[i] = new IssuerConfig(reader, elements[i], place, json);
      if (issuers.length > 1 && issuers[i].issuers().length == 0) {
        reader.fail(place, "has no issuer, which chooses among several");
      }
      for (int j = 0; j < i; j++) {
        if (haveOneInCommon(issuers[i].issuers(), issuers[j].issuers())) {
          reader.fail(place, "has an issuer that issuers[" + j + "] has as well");
        }
      }
    }
    return issuers;
  }

  private static boolean haveOneInCommon(byte[][] some, byte[][] others) {
    for (byte[] one : some) {
      for (byte[] other : others) {
        if (Bytes.equal(one, 0, one.length, other)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String[] hosts(ConfigReader reader) {
    byte[][] texts = reader.texts(0, "", "jwksHttpHosts");
    String[] hosts = new String[texts.length];
    for (int i = 0; i < hosts.length; i++) {
      StringBuilder host = new StringBuilder();
      for (byte b : texts[i]) {
        host.append((char) (b & 0xFF));
      }
      hosts[i] = host.toString();
    }
    return hosts;
  }

  private static ServiceSettings service(ConfigReader reader, byte[] json) {
    String from = reader.text(0, "", "pathFrom");
    ServiceSettings.PathFrom pathFrom = ServiceSettings.PathFrom.named(from);
    if (pathFrom == null) {
      reader.fail("pathFrom", "is none of auth, x-original and x-forwarded");
      pathFrom = ServiceSettings.PathFrom.AUTH;
    }
    String cookie = reader.text(0, "", "cookie");
    if (!ServiceSettings.isCookieName(cookie)) {
      reader.fail("cookie", "is not the name of a cookie");
    }
    return new ServiceSettings(
        claimHeaders(reader),
        cookie,
        reader.flag(0, "", "preflight", true),
        pathFrom,
        rules(reader, json));
  }

  /** An object of claims and their headers. */
  private static ClaimHeaders claimHeaders(ConfigReader reader) {
    if (reader.member(0, "claimHeaders") < 0) {
      return ClaimHeaders.parse(ClaimHeaders.DEFAULT);
    }
    StringBuilder list = new StringBuilder();
    for (int member : reader.members(0, "", "claimHeaders")) {
      list.append(list.length() == 0 ? "" : ",").append(reader.name(member)).append(':');
      for (byte[] header : reader.texts(member, "claimHeaders")) {
        for (byte b : header) {
          list.append((char) (b & 0xFF));
        }
      }
    }
    if (!ClaimHeaders.isWellFormed(list.toString())) {
      reader.fail("claimHeaders", "is not as in " + ClaimHeaders.EXPECTED);
    }
    return ClaimHeaders.parse(list.toString());
  }

  private static PathRules rules(ConfigReader reader, byte[] json) {
    int[] elements = reader.elements(0, "", "rules");
    if (elements.length > MAX_RULES) {
      reader.fail("rules", "has more than " + MAX_RULES + " elements");
    }
    PathRules.Rule[] rules = new PathRules.Rule[elements.length];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = rule(reader, elements[i], "rules[" + i + "]", json);
    }
    return new PathRules(rules);
  }

  private static PathRules.Rule rule(ConfigReader reader, int object, String place, byte[] json) {
    reader.known(object, place, "path", "methods", "open", "scopes", "claims");
    byte[][] path = reader.texts(object, place, "path");
    if (path.length != 1 || path[0].length == 0 || path[0][0] != '/') {
      reader.fail(place, "has no path that begins with /");
    }
    boolean open = reader.flag(object, place, "open", false);
    byte[][] scopes = reader.texts(object, place, "scopes");
    int[] members = reader.members(object, place, "claims");
    byte[][] claims = new byte[members.length][];
    byte[][][] values = new byte[members.length][][];
    for (int i = 0; i < members.length; i++) {
      claims[i] = reader.nameBytes(members[i]);
      values[i] =
          reader.values(
              members[i], ConfigReader.place(place, "claims." + reader.name(members[i])), json);
    }
    if (open && (scopes.length > 0 || claims.length > 0)) {
      reader.fail(place, "is open and wants scopes or claims of a token");
    }
    byte[] one = path.length == 1 ? path[0] : Bytes.ascii("/");
    return new PathRules.Rule(
        one, reader.texts(object, place, "methods"), open, scopes, claims, values);
  }
}
