package dev.troth.server.watch;

import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.Supplier;

/** Reads what a request asks for; whatever does not fit is a problem document. */
final class Asked {
  private Asked() {}

  /** A number in the path, or 404: a path that is not a number names nothing. */
  static long id(ServerRequest request) {
    String text = request.path().pathParameters().get("id");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Problem.notFound("id is '%s', expected a number".formatted(text)).toException();
    }
  }

  static String text(ServerRequest request, String name, String otherwise) {
    return request.query().first(name).filter(value -> !value.isEmpty()).orElse(otherwise);
  }

  static int limit(ServerRequest request, int otherwise, int most) {
    return (int) number(request, "limit", otherwise, most);
  }

  static long number(ServerRequest request, String name, long otherwise, long most) {
    String text = text(request, name, Long.toString(otherwise));
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw Problem.badRequest("%s is '%s', expected 0 to %d".formatted(name, text, most))
        .toException();
  }

  /** The JSON body; the caller keeps the bytes to tell a repetition by. */
  static <T> T json(ServerRequest request, byte[] body, Class<T> type) {
    Json.requireType(request, "application/json", "application/merge-patch+json");
    return Json.parse(body, type);
  }

  /** A value made of what was asked; a value that refuses to be made is 422. */
  static <T> T valid(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw Problem.unprocessable(String.valueOf(e.getMessage())).toException();
    }
  }
}
