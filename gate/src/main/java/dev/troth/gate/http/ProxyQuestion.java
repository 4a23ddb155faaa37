package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;

/**
 * What a proxy asks about: method and path of the client's request, its token, and whether it is a
 * CORS preflight. Reads them out of the head of the proxy's own request. Reused; not thread-safe.
 */
final class ProxyQuestion {
  private static final int COOKIE = 0;
  private static final int ORIGIN = 1;
  private static final int PREFLIGHT_METHOD = 2;
  private static final int ORIGINAL_PATH = 3;
  private static final int ORIGINAL_METHOD = 4;
  private static final byte[] AUTH = Bytes.ascii("/auth");
  private static final byte[] ROOT = Bytes.ascii("/");
  private static final byte[] OPTIONS = Bytes.ascii("OPTIONS");

  private final ServiceSettings settings;
  private final byte[] cookie;
  private byte[] buffer = ROOT;
  private byte[] path = ROOT;
  int methodFrom;
  int methodTo;
  int pathFrom;
  int pathTo;
  int tokenFrom;
  int tokenTo;

  ProxyQuestion(ServiceSettings settings) {
    this.settings = settings;
    cookie = Bytes.ascii(settings.cookie);
  }

  /** A head that notes what {@link #read} needs. */
  static RequestHead head(ServiceSettings settings) {
    boolean original = settings.pathFrom == ServiceSettings.PathFrom.X_ORIGINAL;
    return new RequestHead(
        Bytes.ascii("cookie"),
        Bytes.ascii("origin"),
        Bytes.ascii("access-control-request-method"),
        Bytes.ascii(original ? "x-original-uri" : "x-forwarded-uri"),
        Bytes.ascii(original ? "x-original-method" : "x-forwarded-method"));
  }

  void read(RequestHead head) {
    buffer = head.buffer();
    path = buffer;
    if (settings.pathFrom == ServiceSettings.PathFrom.AUTH) {
      methodFrom = head.methodFrom();
      methodTo = head.methodTo();
      pathFrom = head.pathFrom() + AUTH.length;
      pathTo = head.pathTo();
      if (pathFrom == pathTo) {
        path = ROOT;
        pathFrom = 0;
        pathTo = 1;
      }
    } else {
      // A field that is missing or there twice leaves an empty path, which no rule allows.
      boolean known = head.count(ORIGINAL_PATH) == 1;
      pathFrom = known ? head.from(ORIGINAL_PATH) : 0;
      pathTo = known ? head.to(ORIGINAL_PATH) : 0;
      boolean named = head.count(ORIGINAL_METHOD) == 1;
      methodFrom = named ? head.from(ORIGINAL_METHOD) : 0;
      methodTo = named ? head.to(ORIGINAL_METHOD) : 0;
      if (!named) {
        pathTo = pathFrom;
      }
    }
    token(head);
  }

  byte[] buffer() {
    return buffer;
  }

  /** What holds {@link #pathFrom} to {@link #pathTo}. */
  byte[] path() {
    return path;
  }

  boolean isPreflight(RequestHead head) {
    return settings.preflight
        && Bytes.equal(buffer, methodFrom, methodTo, OPTIONS)
        && head.count(ORIGIN) == 1
        && head.count(PREFLIGHT_METHOD) == 1
        && head.authorizations() == 0;
  }

  boolean hasToken() {
    return tokenFrom < tokenTo;
  }

  private void token(RequestHead head) {
    tokenFrom = 0;
    tokenTo = 0;
    if (head.authorizations() == 1) {
      int bearer = Bearer.token(buffer, head.authorizationFrom(), head.authorizationTo());
      if (bearer >= 0) {
        tokenFrom = bearer;
        tokenTo = head.authorizationTo();
      }
    } else if (head.authorizations() == 0 && cookie.length > 0 && head.count(COOKIE) == 1) {
      cookie(head.from(COOKIE), head.to(COOKIE));
    }
  }

  /** The value of the cookie (RFC 6265 §4.2); none if there are two of its name. */
  private void cookie(int from, int to) {
    int found = 0;
    int at = from;
    while (at < to) {
      int end = at;
      while (end < to && buffer[end] != ';') {
        end++;
      }
      while (at < end && buffer[at] == ' ') {
        at++;
      }
      int value = at + cookie.length;
      if (value < end && buffer[value] == '=' && Bytes.equal(buffer, at, value, cookie)) {
        found++;
        tokenFrom = value + 1;
        tokenTo = end;
        while (tokenTo > tokenFrom && buffer[tokenTo - 1] == ' ') {
          tokenTo--;
        }
      }
      at = end + 1;
    }
    if (found > 1) {
      tokenTo = tokenFrom;
    }
  }
}
