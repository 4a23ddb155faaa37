package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a genuine token must have for a path: the first rule whose path and method fit decides;
 * without one a genuine token is enough. Paths that two servers could read differently fit nothing
 * and are refused.
 */
public final class PathRules {
  /** No rules: every path wants a genuine token and no more. */
  public static final PathRules NONE = new PathRules(new Rule[0]);

  private static final byte[] SCOPE = Bytes.ascii("scope");
  private static final byte[] SCP = Bytes.ascii("scp");
  private static final int MAX_PATH_BYTES = 8192;

  private final Rule[] rules;
  private final byte[] path = new byte[MAX_PATH_BYTES];
  private int length;

  /** One rule. Its path stands for itself and all below it. */
  public static final class Rule {
    private final byte[] path;
    private final byte[][] methods;
    private final boolean open;
    private final byte[][] scopes;
    private final byte[][] claims;
    private final byte[][][] values;

    /**
     * A rule.
     *
     * @param path begins with a slash
     * @param methods empty for all
     * @param open whether no token is wanted
     * @param scopes all of them must be in {@code scope} or {@code scp}
     * @param claims names, each with the values of which it must have one
     */
    public Rule(
        byte[] path,
        byte[][] methods,
        boolean open,
        byte[][] scopes,
        byte[][] claims,
        byte[][][] values) {
      // A path with a slash at its end means the same as one without.
      int length = path.length > 0 && path[path.length - 1] == '/' ? path.length - 1 : path.length;
      this.path = new byte[length];
      System.arraycopy(path, 0, this.path, 0, length);
      this.methods = methods;
      this.open = open;
      this.scopes = scopes;
      this.claims = claims;
      this.values = values;
    }
  }

  /** The first rule for which an earlier one always decides, or -1. */
  public int firstUnreached() {
    for (int i = 0; i < rules.length; i++) {
      for (int before = 0; before < i; before++) {
        if (decidesFor(rules[before], rules[i])) {
          return i;
        }
      }
    }
    return -1;
  }

  private static boolean decidesFor(Rule earlier, Rule rule) {
    int length = earlier.path.length;
    boolean below =
        rule.path.length >= length
            && Bytes.equal(rule.path, 0, length, earlier.path)
            && (rule.path.length == length || rule.path[length] == '/');
    boolean all = earlier.methods.length == 0;
    boolean each = rule.methods.length > 0;
    for (byte[] method : rule.methods) {
      each &= isOneOf(method, earlier.methods);
    }
    return below && (all || each);
  }

  /** The first rule that wants a claim to have no other value than those it never has, or -1. */
  public int firstBeyond(byte[] claim, byte[][] possible) {
    for (int i = 0; i < rules.length; i++) {
      for (int c = 0; c < rules[i].claims.length; c++) {
        boolean fits = !Bytes.equal(rules[i].claims[c], 0, rules[i].claims[c].length, claim);
        for (byte[] value : rules[i].values[c]) {
          fits |= isOneOf(value, possible);
        }
        if (!fits) {
          return i;
        }
      }
    }
    return -1;
  }

  private static boolean isOneOf(byte[] one, byte[][] some) {
    for (byte[] other : some) {
      if (Bytes.equal(one, 0, one.length, other)) {
        return true;
      }
    }
    return false;
  }

  public PathRules(Rule[] rules) {
    this.rules = rules;
  }

  /** The names of the claims that rules look at, beside scopes; some perhaps twice. */
  public byte[][] claims() {
    int count = 0;
    for (Rule rule : rules) {
      count += rule.claims.length;
    }
    byte[][] names = new byte[count][];
    for (Rule rule : rules) {
      for (byte[] claim : rule.claims) {
        names[--count] = claim;
      }
    }
    return names;
  }

  /** Rules of the same content for another thread. */
  public PathRules copy() {
    return new PathRules(rules);
  }

  public boolean isEmpty() {
    return rules.length == 0;
  }

  /** Whether a path wants no token. */
  public boolean isOpen(
      byte[] method, int methodFrom, int methodTo, byte[] target, int from, int to) {
    if (rules.length == 0 || !normalize(target, from, to)) {
      return false;
    }
    Rule rule = rule(method, methodFrom, methodTo);
    return rule != null && rule.open;
  }

  /** Whether the claims of a genuine token are enough for a path, a query behind it or not. */
  public Reason check(
      byte[] method,
      int methodFrom,
      int methodTo,
      byte[] target,
      int from,
      int to,
      JsonTape claims,
      byte[] json) {
    if (rules.length == 0) {
      return Reason.VALID;
    }
    if (!normalize(target, from, to)) {
      return Reason.PATH_NOT_ALLOWED;
    }
    Rule rule = rule(method, methodFrom, methodTo);
    if (rule == null || rule.open) {
      return Reason.VALID;
    }
    for (byte[] scope : rule.scopes) {
      if (!hasScope(claims, claims.member(SCOPE), scope)
          && !hasScope(claims, claims.member(SCP), scope)) {
        return Reason.SCOPE_INSUFFICIENT;
      }
    }
    for (int i = 0; i < rule.claims.length; i++) {
      if (!hasValue(claims, json, claims.member(rule.claims[i]), rule.values[i])) {
        return Reason.CLAIM_NOT_ALLOWED;
      }
    }
    return Reason.VALID;
  }

  private @Nullable Rule rule(byte[] method, int from, int to) {
    for (Rule rule : rules) {
      boolean fits =
          length >= rule.path.length
              && Bytes.equal(path, 0, rule.path.length, rule.path)
              && (length == rule.path.length || path[rule.path.length] == '/');
      if (fits && isOneOf(method, from, to, rule.methods)) {
        return rule;
      }
    }
    return null;
  }

  private static boolean isOneOf(byte[] method, int from, int to, byte[][] methods) {
    for (byte[] one : methods) {
      if (Bytes.equal(method, from, to, one)) {
        return true;
      }
    }
    return methods.length == 0;
  }

  /**
   * Decodes the path (RFC 3986 §2.1) up to a query. False for what servers read in different ways:
   * dot segments, empty segments, backslashes, semicolons, and slashes or control characters behind
   * a percent.
   */
  private boolean normalize(byte[] target, int from, int to) {
    length = 0;
    if (from >= to || target[from] != '/' || to - from > MAX_PATH_BYTES) {
      return false;
    }
    int at = from;
    while (at < to && target[at] != '?' && target[at] != '#') {
      int b = target[at++] & 0xFF;
      if (b == '%') {
        b = at + 2 > to ? -1 : hex(target[at]) << 4 | hex(target[at + 1]);
        at += 2;
        if (b <= ' ' || b == '/' || b == '%' || b == 0x7F) {
          return false;
        }
      }
      if (b == '\\' || b == ';' || (b == '/' && length > 0 && path[length - 1] == '/')) {
        return false;
      }
      path[length++] = (byte) b;
    }
    return !hasDots();
  }

  private boolean hasDots() {
    int start = 1;
    for (int i = 1; i <= length; i++) {
      if (i == length || path[i] == '/') {
        int size = i - start;
        if (size > 0 && size <= 2 && path[start] == '.' && path[i - 1] == '.') {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  private static int hex(int b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** A list of words in one text (RFC 8693 §4.2), or an array of them. */
  private static boolean hasScope(JsonTape claims, int value, byte[] wanted) {
    if (claims.kind(value) == JsonTape.ARRAY) {
      for (int one = claims.last(value); one >= 0; one = claims.previous(one)) {
        if (claims.isString(one, wanted)) {
          return true;
        }
      }
      return false;
    }
    if (claims.kind(value) != JsonTape.STRING) {
      return false;
    }
    byte[] text = claims.text();
    int start = claims.start(value);
    for (int at = start; at <= claims.end(value); at++) {
      if (at == claims.end(value) || text[at] == ' ') {
        if (Bytes.equal(text, start, at, wanted)) {
          return true;
        }
        start = at + 1;
      }
    }
    return false;
  }

  /** A text, number or truth that is one of the values, or an array with one of them. */
  private static boolean hasValue(JsonTape claims, byte[] json, int value, byte[][] values) {
    if (claims.kind(value) == JsonTape.ARRAY) {
      for (int one = claims.last(value); one >= 0; one = claims.previous(one)) {
        if (isOneOf(claims, json, one, values)) {
          return true;
        }
      }
      return false;
    }
    return isOneOf(claims, json, value, values);
  }

  private static boolean isOneOf(JsonTape claims, byte[] json, int value, byte[][] values) {
    int kind = claims.kind(value);
    if (kind < JsonTape.STRING || kind == JsonTape.NULL) {
      return false;
    }
    byte[] text = kind == JsonTape.STRING ? claims.text() : json;
    for (byte[] one : values) {
      if (Bytes.equal(text, claims.start(value), claims.end(value), one)) {
        return true;
      }
    }
    return false;
  }
}
