package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;

/**
 * The head of one HTTP/1.1 request (RFC 9112), read strictly out of a buffer. What two servers
 * could read differently is refused: bare line feeds, folded lines, space before a colon, two
 * lengths. Reused; not thread-safe.
 */
public final class RequestHead {
  /** More bytes are needed before there is an answer. */
  public static final int INCOMPLETE = 0;

  /** The head is whole; any other result is the status to refuse the request with. */
  public static final int COMPLETE = 200;

  /** More than nginx (32 KiB) and Envoy (60 KiB) pass on. */
  public static final int MAX_HEAD_BYTES = 64 * 1024;

  public static final int MAX_BODY_BYTES = 16 * 1024;

  private static final byte[] VERSION_11 = Bytes.ascii("HTTP/1.1");
  private static final byte[] VERSION_10 = Bytes.ascii("HTTP/1.0");
  private static final byte[] CONTENT_LENGTH = Bytes.ascii("content-length");
  private static final byte[] TRANSFER_ENCODING = Bytes.ascii("transfer-encoding");
  private static final byte[] AUTHORIZATION = Bytes.ascii("authorization");
  private static final byte[] CONNECTION = Bytes.ascii("connection");
  private static final byte[] EXPECT = Bytes.ascii("expect");
  private static final byte[] HOST = Bytes.ascii("host");
  private static final byte[] CLOSE = Bytes.ascii("close");
  private static final byte[] KEEP_ALIVE = Bytes.ascii("keep-alive");
  private static final byte[] CONTINUE = Bytes.ascii("100-continue");
  private static final byte[] CHUNKED = Bytes.ascii("chunked");

  private static final byte[] HTTP_SCHEME = Bytes.ascii("http://");
  private static final byte[] HTTPS_SCHEME = Bytes.ascii("https://");

  private final byte[][] noted;
  private final int[] notedFrom;
  private final int[] notedTo;
  private final int[] notedCount;
  private byte[] buffer = {};
  private int methodFrom;
  private int methodTo;
  private int pathFrom;
  private int pathTo;
  private int authorizationFrom;
  private int authorizationTo;
  private int authorizations;
  private int hosts;
  private int contentLength;
  private int headTo;
  private boolean persistent;
  private boolean closes;
  private boolean persistentByDefault;
  private boolean expectsContinue;
  private boolean chunked;

  public RequestHead() {
    this(new byte[0][]);
  }

  /** Notes where some fields are, named in lower case. */
  public RequestHead(byte[]... noted) {
    this.noted = noted;
    notedFrom = new int[noted.length];
    notedTo = new int[noted.length];
    notedCount = new int[noted.length];
  }

  /** How many fields of a name there are, by the place of the name among those noted. */
  public int count(int index) {
    return notedCount[index];
  }

  public int from(int index) {
    return notedFrom[index];
  }

  public int to(int index) {
    return notedTo[index];
  }

  public int methodFrom() {
    return methodFrom;
  }

  public int methodTo() {
    return methodTo;
  }

  public int pathFrom() {
    return pathFrom;
  }

  /** The end of the path, before a query. */
  public int pathTo() {
    return pathTo;
  }

  /** Reads a head that begins at {@code from}; the spans stay valid as long as the buffer does. */
  public int read(byte[] buffer, int from, int to) {
    this.buffer = buffer;
    for (int i = 0; i < noted.length; i++) {
      notedCount[i] = 0;
    }
    authorizations = 0;
    authorizationFrom = authorizationTo = 0;
    hosts = 0;
    contentLength = -1;
    expectsContinue = false;
    chunked = false;
    int line = from;
    // A client may send an empty line before a request (RFC 9112 §2.2).
    if (to - line >= 2 && buffer[line] == '\r' && buffer[line + 1] == '\n') {
      line += 2;
    }
    int limit = Math.min(to, line + MAX_HEAD_BYTES);
    int status = INCOMPLETE;
    boolean first = true;
    for (int at = line; at < limit; at++) {
      int b = buffer[at];
      if (b == '\n') {
        if (at == line || buffer[at - 1] != '\r') {
          return 400;
        }
        if (at - 1 == line) {
          headTo = at + 1;
          return first ? 400 : complete();
        }
        status = first ? requestLine(line, at - 1) : field(line, at - 1);
        if (status != COMPLETE) {
          return status;
        }
        first = false;
        line = at + 1;
      } else if (b == 0 || (b == '\r' && at + 1 < limit && buffer[at + 1] != '\n')) {
        return 400;
      }
    }
    return to - from >= MAX_HEAD_BYTES ? 431 : INCOMPLETE;
  }

  public boolean isMethod(byte[] method) {
    return Bytes.equal(buffer, methodFrom, methodTo, method);
  }

  public boolean isPath(byte[] path) {
    return Bytes.equal(buffer, pathFrom, pathTo, path);
  }

  /** Whether the path is this one or lies below it. */
  public boolean isBelow(byte[] path) {
    return pathTo - pathFrom > path.length
        && Bytes.equal(buffer, pathFrom, pathFrom + path.length, path)
        && buffer[pathFrom + path.length] == '/';
  }

  public byte[] buffer() {
    return buffer;
  }

  /** How many {@code Authorization} fields there are; only one is not ambiguous. */
  public int authorizations() {
    return authorizations;
  }

  public int authorizationFrom() {
    return authorizationFrom;
  }

  public int authorizationTo() {
    return authorizationTo;
  }

  /** The index after the head, where the body begins. */
  public int headTo() {
    return headTo;
  }

  public int contentLength() {
    return Math.max(0, contentLength);
  }

  /** Whether the body comes in chunks, see {@link RequestBody}, instead of with a length. */
  public boolean isChunked() {
    return chunked;
  }

  public boolean isPersistent() {
    return persistent;
  }

  public boolean expectsContinue() {
    return expectsContinue;
  }

  private int complete() {
    if (hosts > 1 || (hosts == 0 && persistentByDefault)) {
      return 400;
    }
    // A length beside chunks is how requests are smuggled past a proxy (RFC 9112 §6.3).
    if (chunked && (contentLength >= 0 || !persistentByDefault)) {
      return 400;
    }
    return contentLength > MAX_BODY_BYTES ? 413 : COMPLETE;
  }

  private int requestLine(int from, int to) {
    int space = next(from, to, ' ');
    int second = next(space + 1, to, ' ');
    if (space <= from || second <= space + 1) {
      return 400;
    }
    int path = path(space + 1, second);
    if (path < 0) {
      return 400;
    }
    for (int i = from; i < space; i++) {
      if (!isTokenCharacter(buffer[i])) {
        return 400;
      }
    }
    for (int i = space + 1; i < second; i++) {
      if (buffer[i] <= ' ' || buffer[i] == 0x7F) {
        return 400;
      }
    }
    persistentByDefault = Bytes.equal(buffer, second + 1, to, VERSION_11);
    if (!persistentByDefault && !Bytes.equal(buffer, second + 1, to, VERSION_10)) {
      return 505;
    }
    persistent = persistentByDefault;
    closes = false;
    methodFrom = from;
    methodTo = space;
    pathFrom = path;
    int query = next(pathFrom, second, '?');
    pathTo = query < 0 ? second : query;
    return COMPLETE;
  }

  /** Where the path begins, also of a target with scheme and host (RFC 9112 §3.2.2); or -1. */
  private int path(int from, int to) {
    if (buffer[from] == '/') {
      return from;
    }
    for (byte[] scheme : new byte[][] {HTTP_SCHEME, HTTPS_SCHEME}) {
      int host = from + scheme.length;
      if (host < to && Bytes.equalIgnoringCase(buffer, from, host, scheme)) {
        int path = next(host, to, '/');
        return path > host && next(host, path, '?') < 0 && next(host, path, '@') < 0 ? path : -1;
      }
    }
    return -1;
  }

  private int field(int from, int to) {
    int colon = next(from, to, ':');
    if (colon <= from) {
      return 400;
    }
    for (int i = from; i < colon; i++) {
      if (!isTokenCharacter(buffer[i])) {
        return 400;
      }
    }
    int valueFrom = colon + 1;
    int valueTo = to;
    while (valueFrom < valueTo && isSpace(buffer[valueFrom])) {
      valueFrom++;
    }
    while (valueTo > valueFrom && isSpace(buffer[valueTo - 1])) {
      valueTo--;
    }
    if (Bytes.equalIgnoringCase(buffer, from, colon, CONTENT_LENGTH)) {
      return contentLength(valueFrom, valueTo);
    }
    if (Bytes.equalIgnoringCase(buffer, from, colon, TRANSFER_ENCODING)) {
      if (chunked) {
        return 400;
      }
      chunked = true;
      return Bytes.equalIgnoringCase(buffer, valueFrom, valueTo, CHUNKED) ? COMPLETE : 501;
    }
    if (Bytes.equalIgnoringCase(buffer, from, colon, AUTHORIZATION)) {
      authorizations++;
      authorizationFrom = valueFrom;
      authorizationTo = valueTo;
    } else if (Bytes.equalIgnoringCase(buffer, from, colon, CONNECTION)) {
      connection(valueFrom, valueTo);
    } else if (Bytes.equalIgnoringCase(buffer, from, colon, EXPECT)) {
      if (!Bytes.equalIgnoringCase(buffer, valueFrom, valueTo, CONTINUE)) {
        return 417;
      }
      expectsContinue = true;
    } else if (Bytes.equalIgnoringCase(buffer, from, colon, HOST)) {
      hosts++;
    }
    for (int i = 0; i < noted.length; i++) {
      if (Bytes.equalIgnoringCase(buffer, from, colon, noted[i])) {
        notedCount[i]++;
        notedFrom[i] = valueFrom;
        notedTo[i] = valueTo;
      }
    }
    return COMPLETE;
  }

  /** A list of options, in one field or several (RFC 9110 §7.6.1); close is stronger. */
  private void connection(int from, int to) {
    int at = from;
    while (at <= to) {
      int comma = next(at, to, ',');
      int end = comma < 0 ? to : comma;
      int last = end;
      while (at < last && isSpace(buffer[at])) {
        at++;
      }
      while (last > at && isSpace(buffer[last - 1])) {
        last--;
      }
      if (Bytes.equalIgnoringCase(buffer, at, last, CLOSE)) {
        persistent = false;
        closes = true;
      } else if (Bytes.equalIgnoringCase(buffer, at, last, KEEP_ALIVE) && !closes) {
        persistent = true;
      }
      at = end + 1;
    }
  }

  private int contentLength(int from, int to) {
    if (contentLength >= 0 || from == to) {
      return 400;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (buffer[i] < '0' || buffer[i] > '9') {
        return 400;
      }
      value = Math.min(value * 10 + (buffer[i] - '0'), Integer.MAX_VALUE);
    }
    contentLength = (int) value;
    return COMPLETE;
  }

  private int next(int from, int to, int wanted) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isSpace(int b) {
    return b == ' ' || b == '\t';
  }

  /** RFC 9110 §5.6.2. */
  private static boolean isTokenCharacter(int b) {
    int lower = Bytes.lowerCase(b);
    return (lower >= 'a' && lower <= 'z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '_'
        || b == '.'
        || b == '!'
        || (b >= '#' && b <= '\'')
        || b == '*'
        || b == '+'
        || b == '^'
        || b == '`'
        || b == '|'
        || b == '~';
  }
}
