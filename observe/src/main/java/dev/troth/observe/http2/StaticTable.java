package dev.troth.observe.http2;

import dev.troth.observe.exchange.Header;

/** The 61 entries that every header table begins with (RFC 7541 Appendix A). */
final class StaticTable {
  private static final String[] ENTRIES = {
    ":authority",
    ":method=GET",
    ":method=POST",
    ":path=/",
    ":path=/index.html",
    ":scheme=http",
    ":scheme=https",
    ":status=200",
    ":status=204",
    ":status=206",
    ":status=304",
    ":status=400",
    ":status=404",
    ":status=500",
    "accept-charset",
    "accept-encoding=gzip, deflate",
    "accept-language",
    "accept-ranges",
    "accept",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "www-authenticate"
  };

  static final int SIZE = ENTRIES.length;

  private StaticTable() {}

  /** The entry of an index, which counts from 1. */
  static Header entry(int index) {
    String entry = ENTRIES[index - 1];
    int equals = entry.indexOf('=', 1);
    return equals < 0
        ? new Header(entry, "")
        : new Header(entry.substring(0, equals), entry.substring(equals + 1));
  }

  /** The index of an entry with this name and value, or 0. */
  static int index(Header header) {
    for (int index = 1; index <= SIZE; index++) {
      Header entry = entry(index);
      if (!entry.value().isEmpty() && entry.equals(header)) {
        return index;
      }
    }
    return 0;
  }

  /** The index of the first entry with this name, or 0. */
  static int indexOfName(String name) {
    for (int index = 1; index <= SIZE; index++) {
      if (entry(index).name().equals(name)) {
        return index;
      }
    }
    return 0;
  }
}
