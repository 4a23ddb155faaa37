package dev.troth.bench.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Quoted figures in a text: {@code <!--bench:watch.cpu ratio-->30.5×<!--/bench-->}. What stands
 * between the marks must be what the results say.
 */
public final class Quotes {
  private static final Pattern MARKED =
      Pattern.compile("<!--bench:([^ >]+) ([a-z]+)-->(.*?)<!--/bench-->", Pattern.DOTALL);
  private static final Pattern ANY_MARK = Pattern.compile("<!--/?bench\\b");

  /** A number with a unit of performance: time, memory, rate or ratio. */
  private static final Pattern FIGURE =
      Pattern.compile(
          "(?<![\\w.])\\d[\\d.,]*\\s?(?:(?:ms|µs|us|ns|kB|KB|MB|GB|KiB|MiB|GiB)\\b|×|/s\\b"
              + "|(?:seconds?|milliseconds?|microseconds?|times|(?:requests|updates|changes) a second)\\b)");

  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");

  /** What of a result is quoted. */
  enum Field {
    OURS,
    PEER,
    RATIO,
    DATE;

    Optional<String> of(Measure measure, Result result) {
      return switch (this) {
        case OURS -> Optional.of(Numbers.shown(result.figure().ours(), measure.unit()));
        case PEER -> peer(measure, result);
        case RATIO -> result.ratio().map(ratio -> Numbers.shown(ratio, "×"));
        case DATE -> Optional.of(result.run().date().toString());
      };
    }

    private static Optional<String> peer(Measure measure, Result result) {
      String name = result.figure().peerName();
      return name.isEmpty()
          ? Optional.empty()
          : Optional.of(
              result
                  .figure()
                  .peer()
                  .map(value -> Numbers.shown(value, measure.unit()) + " (" + name + ")")
                  .orElse(name));
    }
  }

  private Quotes() {}

  /** What is wrong with the marked figures of a text; marks in code are examples. */
  public static List<String> wrong(String name, String given, Results results) {
    String text = CODE.matcher(given).replaceAll("");
    List<String> wrong = new ArrayList<>();
    Matcher quote = MARKED.matcher(text);
    int marks = 0;
    while (quote.find()) {
      marks += 2;
      String key = quote.group(1);
      Optional<String> expected;
      try {
        Field field = Field.valueOf(quote.group(2).toUpperCase(Locale.ROOT));
        Measure measure = results.measure(key);
        expected = results.result(key).flatMap(result -> field.of(measure, result));
      } catch (IllegalArgumentException e) {
        wrong.add("%s quotes %s %s: %s".formatted(name, key, quote.group(2), e.getMessage()));
        continue;
      }
      if (!expected.equals(Optional.of(quote.group(3)))) {
        wrong.add(
            "%s says '%s' of %s %s, expected %s"
                .formatted(
                    name,
                    quote.group(3),
                    key,
                    quote.group(2),
                    expected.map(value -> "'" + value + "'").orElse("nothing: no result")));
      }
    }
    if (ANY_MARK.matcher(text).results().count() != marks) {
      wrong.add(name + " has a mark that is not <!--bench:KEY FIELD-->TEXT<!--/bench-->");
    }
    return wrong;
  }

  /** Numbers with a unit of performance that stand outside of marks and code. */
  public static List<String> unmarked(String text) {
    String rest = CODE.matcher(MARKED.matcher(text).replaceAll("")).replaceAll("");
    return FIGURE.matcher(rest).results().map(found -> found.group()).toList();
  }
}
