package dev.troth.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How the text of a setting is read.
 *
 * @param expected what is written, for the error of a text that is not
 * @param read throws {@link IllegalArgumentException} on such a text
 */
public record ValueType<T>(String expected, Function<String, T> read) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)?");

  static final ValueType<Path> PATH = new ValueType<>("a path", text -> Path.of(notEmpty(text)));

  static final ValueType<String> TEXT = new ValueType<>("text", ValueType::notEmpty);

  /** A text that may be absent. */
  static final ValueType<Optional<String>> OPTIONAL =
      new ValueType<>("text", text -> Optional.of(text.strip()).filter(t -> !t.isEmpty()));

  /** The scheme, host and port of a web site, or nothing. */
  static final ValueType<Optional<URI>> ORIGIN =
      new ValueType<>(
          "an address such as https://troth.example, without a path",
          text -> text.isBlank() ? Optional.empty() : Optional.of(origin(text.strip())));

  /** A database server's address, empty for {@code off}. */
  static final ValueType<Optional<String>> STORE =
      new ValueType<>(
          "jdbc:postgresql://host/database or off",
          text -> {
            if (text.equals("off")) {
              return Optional.empty();
            }
            if (!text.matches("jdbc:postgresql:(//)?[^/\\s]*/?[^\\s]+")) {
              throw new IllegalArgumentException();
            }
            return Optional.of(text);
          });

  /** A listener's address, empty for {@code off}. */
  static final ValueType<Optional<ListenAddress>> LISTEN =
      new ValueType<>(
          "a port, host:port or off",
          text -> text.equals("off") ? Optional.empty() : Optional.of(ListenAddress.parse(text)));

  /** Texts, separated by commas on one line; {@link #item} writes one. */
  static final ValueType<List<String>> LIST =
      new ValueType<>(
          "a list",
          text ->
              Stream.of(text.split("(?<!\\\\),"))
                  .map(item -> item.strip().replace("\\,", ","))
                  .filter(item -> !item.isEmpty())
                  .toList());

  /** An item of a list as it is written on one line: a backslash keeps its commas. */
  public static String item(String text) {
    return text.replace(",", "\\,");
  }

  /** A length of time above zero. */
  public static final ValueType<Duration> DURATION_ABOVE_ZERO =
      new ValueType<>("a duration such as 500ms, 10s, 2m, 12h or 90d", ValueType::duration);

  static final ValueType<Long> SIZE =
      new ValueType<>("a size such as 64KiB or 1MiB, at most 1024GiB", ValueType::bytes);

  /** A whole number in a range. */
  static ValueType<Integer> count(int least, int most) {
    return new ValueType<>(
        "a whole number from %,d to %,d".formatted(least, most),
        text -> {
          int value = Integer.parseInt(text);
          if (value < least || value > most) {
            throw new IllegalArgumentException();
          }
          return value;
        });
  }

  /** A path that others' paths follow: {@code /troth}, or nothing. */
  static final ValueType<String> BASE_PATH =
      new ValueType<>(
          "a path such as /troth, of letters, digits, '-', '_', '.' and '~', without a slash at its"
              + " end",
          text -> {
            if (!text.matches("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")) {
              throw new IllegalArgumentException();
            }
            return text;
          });

  /** One of some values, written as their {@code toString}. */
  static <T> ValueType<T> oneOf(List<T> choices) {
    return new ValueType<>(
        String.join(" or ", choices.stream().map(String::valueOf).toList()),
        text ->
            choices.stream()
                .filter(choice -> choice.toString().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  private static URI origin(String text) {
    URI uri = URI.create(text);
    boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    boolean bare =
        uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
    if (!web
        || uri.getHost() == null
        || uri.getPort() > 65_535
        || !bare
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException();
    }
    return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
  }

  private static String notEmpty(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    long amount = Long.parseLong(matcher.group(1));
    if (amount == 0) {
      throw new IllegalArgumentException();
    }
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static final long MOST_BYTES = 1L << 40;

  private static long bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    long amount = Long.parseLong(matcher.group(1));
    long unit =
        switch (matcher.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case null, default -> 1L;
        };
    if (amount > MOST_BYTES / unit) {
      throw new IllegalArgumentException();
    }
    return amount * unit;
  }
}
