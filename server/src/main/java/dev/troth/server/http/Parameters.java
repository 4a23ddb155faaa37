package dev.troth.server.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads what a request asks for; whatever does not fit is a problem document. */
public final class Parameters {
  private Parameters() {}

  /** Digits as programs write them: no sign, and none of another script. */
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");

  /** A handler that takes these parameters of the query, each once; any other is 400. */
  public static Taking taking(Handler handler, String... names) {
    return new Taking(handler, List.of(names), List.of());
  }

  /**
   * A handler and the names of the query that it reads.
   *
   * @param repeated those that may be given several times
   */
  public record Taking(Handler handler, List<String> names, List<String> repeated)
      implements Handler {
    /** The same, whose parameters of these names may be given several times. */
    public Taking repeating(String... more) {
      return new Taking(handler, names, List.of(more));
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
      for (String given : request.query().names()) {
        if (!names.contains(given)) {
          throw Problem.badRequest(
                  "unknown parameter '%s', expected %s"
                      .formatted(
                          given, names.isEmpty() ? "none" : "one of " + String.join(", ", names)))
              .toException();
        }
        int times = request.query().all(given).size();
        if (times > 1 && !repeated.contains(given)) {
          throw Problem.badRequest(
                  "%s is given %d times, expected at most once".formatted(given, times))
              .toException();
        }
      }
      handler.handle(request, response);
    }
  }

  /** A time of the query, or 400 for what is none; empty if it is not given. */
  public static Optional<Instant> instant(ServerRequest request, String name) {
    return request
        .query()
        .first(name)
        .asOptional()
        .map(text -> {
          try {
            Instant time = Instant.parse(text);
            var _ = time.toEpochMilli(); // what is beyond milliseconds is no time here
            return time;
          } catch (DateTimeParseException | ArithmeticException wrong) {
            throw Problem.badRequest(
                    "%s is '%s', expected an instant such as 2026-01-31T09:30:00Z"
                        .formatted(name, text))
                .toException();
          }
        });
  }

  /** A number in the path, or 404: a path that is not a number names nothing. */
  public static long id(ServerRequest request) {
    String text = request.path().pathParameters().get("id");
    OptionalLong number = whole(text);
    if (number.isEmpty()) {
      throw Problem.notFound("id is '%s', expected a number".formatted(text)).toException();
    }
    return number.getAsLong();
  }

  /** A parameter of the query, or the other text if it is missing or empty. */
  public static String text(ServerRequest request, String name, String otherwise) {
    UriQuery query = request.query();
    return query.isEmpty()
        ? otherwise
        : query.first(name).filter(value -> !value.isEmpty()).orElse(otherwise);
  }

  /** How many the query wants at most, its {@code limit}: from 1, or 400. */
  public static int limit(ServerRequest request, int otherwise, int most) {
    return (int) number(request, "limit", otherwise, 1, most);
  }

  /** A whole number of the query from 0 to the most, or 400. */
  public static long number(ServerRequest request, String name, long otherwise, long most) {
    return number(request, name, otherwise, 0, most);
  }

  private static long number(
      ServerRequest request, String name, long otherwise, long least, long most) {
    String text = text(request, name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    OptionalLong number = whole(text);
    if (number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= most) {
      return number.getAsLong();
    }
    throw Problem.badRequest("%s is '%s', expected %d to %d".formatted(name, text, least, most))
        .toException();
  }

  /** A whole number that is not negative; empty where the text is none. */
  public static OptionalLong whole(String text) {
    if (!DIGITS.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  /** A parameter of the query that is {@code true} or {@code false}, which it is by default. */
  public static boolean flag(ServerRequest request, String name) {
    String given = text(request, name, "false");
    return switch (given) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Problem.badRequest("%s is '%s', expected true or false".formatted(name, given))
              .toException();
    };
  }

  /** The JSON body; the caller keeps the bytes to tell a repetition by. */
  public static <T> T json(ServerRequest request, byte[] body, Class<T> type) {
    Json.requireType(request, "application/json", "application/merge-patch+json");
    return Json.parse(body, type);
  }

  /** A value made of what was asked; a value that refuses to be made is 422. */
  public static <T> T valid(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw Problem.unprocessable(String.valueOf(e.getMessage())).toException();
    }
  }

  /** The headers, their names in lower case; of several values the first. */
  public static Map<String, String> headers(ServerRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : request.headers()) {
      headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get());
    }
    return headers;
  }
}
