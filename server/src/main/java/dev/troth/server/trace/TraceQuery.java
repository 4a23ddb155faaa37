package dev.troth.server.trace;

import java.util.Optional;
import java.util.function.Function;

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

  /** The parameters by which a list is asked for. */
  static final String[] NAMES = {"service", "name", "status", "minMillis", "limit", "before"};

  /** A place in the list: newest first, and by id among traces that started together. */
  public record Cursor(long startedNanos, String id) {
    /** Reads what a page gave to ask for the next one. */
    public static Cursor parse(String text) {
      int dash = text.indexOf('-');
      if (dash < 1) {
        throw new IllegalArgumentException("before is '" + text + "', expected the next of a page");
      }
      try {
        return new Cursor(Long.parseLong(text.substring(0, dash)), text.substring(dash + 1));
      } catch (NumberFormatException wrong) {
        throw new IllegalArgumentException(
            "before is '" + text + "', expected the next of a page", wrong);
      }
    }

    @Override
    public String toString() {
      return startedNanos + "-" + id;
    }
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
        (int) Math.clamp(number(given, "limit", 50), 1, MOST),
        given.apply("before").map(Cursor::parse));
  }

  private static double number(
      Function<String, Optional<String>> query, String name, double otherwise) {
    Optional<String> text = query.apply(name);
    try {
      return text.map(Double::parseDouble).orElse(otherwise);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(
          "%s is '%s', expected a number".formatted(name, text.orElse("")), wrong);
    }
  }
}
