package dev.troth.server.console.page;

import dev.troth.server.http.Packing;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** How a filled page is answered: what a browser may do with it, and who may keep it. */
public final class PageResponse {
  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName NO_SNIFF = HeaderNames.create("X-Content-Type-Options");
  private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");

  private PageResponse() {}

  /** Fills a page and sends it, packed where that is safe. */
  public static <V> void send(
      ServerRequest request, ServerResponse response, BuiltPage<V> page, V view) {
    Packing.send(request, described(response, page.policy()), page.fill(view));
  }

  /** A page for one caller alone: nobody between may keep it. */
  public static ServerResponse described(ServerResponse response, String policy) {
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
