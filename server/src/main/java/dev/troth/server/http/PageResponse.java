package dev.troth.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** A page for one caller alone: nobody between may keep it, and it runs no scripts but its own. */
public final class PageResponse {
  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName NO_SNIFF = HeaderNames.create("X-Content-Type-Options");
  private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");

  private PageResponse() {}

  /** Sends a whole page, packed where that is safe; a status and cookies are set before. */
  public static void send(
      ServerRequest request, ServerResponse response, String policy, byte[] html) {
    Packing.send(request, described(response, policy), html);
  }

  /** Sends parts of a page, which follow what others write and so are never packed. */
  public static void sendFragments(ServerResponse response, String policy, byte[] html) {
    described(response, policy).send(html);
  }

  private static ServerResponse described(ServerResponse response, String policy) {
    return response
        .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
        .header(HeaderNames.CACHE_CONTROL, "private, no-cache")
        .header(
            HeaderNames.VARY, "Accept, Accept-Encoding, Cookie, Sec-Fetch-Site, Troth-Fragments")
        .header(POLICY, policy)
        .header(NO_SNIFF, "nosniff")
        .header(REFERRER, "same-origin");
  }
}
