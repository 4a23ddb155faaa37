package dev.troth.server.guard;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Cross-origin answers (Fetch standard) for configured origins; cookies are never allowed. */
final class Cors {
  private Cors() {}

  static void allow(ServerResponse response, String origin) {
    response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.header(HeaderNames.VARY, "Origin");
    response.header(
        HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Location, Retry-After, Idempotency-Key");
  }

  static boolean isPreflight(ServerRequest request) {
    return request.headers().contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
  }

  static void answerPreflight(ServerResponse response) {
    response
        .status(204)
        .header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE")
        .header(
            HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID,"
                + " traceparent")
        .header(HeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
    response.send();
  }
}
