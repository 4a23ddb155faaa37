package dev.troth.server.trace;

import dev.troth.server.http.Parameters;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which traces a list is asked for.
 *
 * @param before where the page before ended
 */
public record TraceQuery(
    Optional<String> service,
    Optional<String> name,
    Optional<Boolean> failed,
    double minMillis,
    int limit,
    Optional<Cursor> before) {
  private static final int MOST = 500;
  private static final int USUAL = 50;
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,15})?");

  /** The parameters by which a list is asked for. */
  static final String[] NAMES = {"service", "name", "status", "minMillis", "limit", "before"};

  /** A place in the list: newest first, and by id among traces that started together. */
  public record Cursor(long startedNanos, String id) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]+)-([0-9a-f]{32})");

    /** Reads what a page gave to ask for the next one. */
    public static Cursor parse(String text) {
      Matcher written = WRITTEN.matcher(text);
      OptionalLong started =
          written.matches() ? Parameters.whole(written.group(1)) : OptionalLong.empty();
      if (started.isEmpty()) {
        throw new IllegalArgumentException("before is '" + text + "', expected the next of a page");
      }
      return new Cursor(started.getAsLong(), written.group(2));
    }

    @Override
    public String toString() {
      return startedNanos + "-" + id;
    }
  }

  /** Whether the order of an index alone says which fit. */
  boolean isOfOrderAlone() {
    return service.isEmpty()
        && name.isEmpty()
        && minMillis == 0
        && !failed.equals(Optional.of(false));
  }

  /**
   * Reads the parameters {@code service}, {@code name}, {@code status}, {@code minMillis}, {@code
   * limit} and {@code before}.
   *
   * @throws IllegalArgumentException when a value cannot be read
   */
  public static TraceQuery parse(Function<String, Optional<String>> query) {
    Function<String, Optional<String>> given =
        name -> query.apply(name).filter(value -> !value.isEmpty());
    Optional<String> status = given.apply("status");
    if (status.filter(s -> !s.equals("error") && !s.equals("ok")).isPresent()) {
      throw new IllegalArgumentException(
          "status is '%s', expected error or ok".formatted(status.get()));
    }
    return new TraceQuery(
        given.apply("service"),
        given.apply("name"),
        status.map("error"::equals),
        number(given, "minMillis", 0),
        limit(given),
        given.apply("before").map(Cursor::parse));
  }

  private static int limit(Function<String, Optional<String>> query) {
    String text = query.apply("limit").orElse(Integer.toString(USUAL));
    OptionalLong limit = Parameters.whole(text);
    if (limit.isEmpty() || limit.getAsLong() < 1 || limit.getAsLong() > MOST) {
      throw new IllegalArgumentException("limit is '%s', expected 1 to %d".formatted(text, MOST));
    }
    return (int) limit.getAsLong();
  }

  private static double number(
      Function<String, Optional<String>> query, String name, double otherwise) {
    Optional<String> text = query.apply(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!DECIMAL.matcher(text.get()).matches()) {
      throw new IllegalArgumentException(
          "%s is '%s', expected a number such as 250 or 0.5".formatted(name, text.get()));
    }
    return Double.parseDouble(text.get());
  }
}
