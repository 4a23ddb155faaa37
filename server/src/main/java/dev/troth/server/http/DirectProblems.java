package dev.troth.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import org.jspecify.annotations.Nullable;

/**
 * Answers what fails before a route is found, such as a malformed request line.
 *
 * @param longestBody in bytes, for who sends so much more that no route is asked
 */
record DirectProblems(long longestBody) implements DirectHandler {
  private static final int LONGEST = 300;
  private static final int TOO_LONG = 413;

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    Status answered = status.code() < 400 ? type.defaultStatus() : status;
    String said = message == null || message.isBlank() ? answered.reasonPhrase() : message;
    if (answered.code() == TOO_LONG) {
      said =
          "the body has %s, expected at most %d"
              .formatted(
                  request.headers().contentLength().isPresent()
                      ? request.headers().contentLength().getAsLong() + " bytes"
                      : "more bytes than the platform reads",
                  longestBody);
    }
    // It may hold what the client sent, as much as that was.
    String detail = said.length() > LONGEST ? said.substring(0, LONGEST) + "…" : said;
    byte[] body = Json.mapper().writeValueAsBytes(Problem.of(answered.code(), detail).members());
    return TransportResponse.builder()
        .status(answered)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .entity(body)
        .keepAlive(type.keepAlive())
        .build();
  }
}
