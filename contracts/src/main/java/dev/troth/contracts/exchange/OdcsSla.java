package dev.troth.contracts.exchange;

import dev.troth.contracts.Sla;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code slaProperties} from and to the promises of a contract. */
final class OdcsSla {
  /** The standard's words and their two-letter synonyms; freshness is one of ours. */
  private static final Map<String, String> NAMES =
      Map.of(
          "availability", "availability",
          "av", "availability",
          "latency", "latency",
          "ly", "latency",
          "retention", "retention",
          "re", "retention",
          "freshness", "freshness");

  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("ms", "ms"),
          Map.entry("millisecond", "ms"),
          Map.entry("milliseconds", "ms"),
          Map.entry("s", "s"),
          Map.entry("sec", "s"),
          Map.entry("second", "s"),
          Map.entry("seconds", "s"),
          Map.entry("min", "m"),
          Map.entry("minute", "m"),
          Map.entry("minutes", "m"),
          Map.entry("h", "h"),
          Map.entry("hour", "h"),
          Map.entry("hours", "h"),
          Map.entry("d", "d"),
          Map.entry("day", "d"),
          Map.entry("days", "d"),
          Map.entry("w", "w"),
          Map.entry("week", "w"),
          Map.entry("weeks", "w"));

  private static final List<String> YEARS = List.of("y", "yr", "year", "years");

  private OdcsSla() {}

  static List<Json> write(Sla sla) {
    List<Json> levels = new ArrayList<>();
    sla.availability()
        .ifPresent(percent -> levels.add(level("availability", new Json.Num(percent), "percent")));
    sla.latency().ifPresent(time -> levels.add(time("latency", time)));
    sla.retention().ifPresent(time -> levels.add(time("retention", time)));
    sla.freshness().ifPresent(time -> levels.add(time("freshness", time)));
    return levels;
  }

  private static Json level(String property, Json value, String unit) {
    return new JsonMembers()
        .text("property", property)
        .put("value", value)
        .text("unit", unit)
        .json();
  }

  /** In the largest unit that tells the time in a whole number. */
  private static Json time(String property, Duration time) {
    long seconds = time.toSeconds();
    if (time.toNanosPart() != 0) {
      BigDecimal millis = BigDecimal.valueOf(time.toNanosPart(), 6);
      return level(
          property,
          new Json.Num(millis.add(BigDecimal.valueOf(seconds * 1000)).stripTrailingZeros()),
          "ms");
    }
    if (seconds % 86_400 == 0 && seconds > 0) {
      return level(property, Json.Num.of(seconds / 86_400), "d");
    }
    return seconds % 3_600 == 0 && seconds > 0
        ? level(property, Json.Num.of(seconds / 3_600), "h")
        : level(property, Json.Num.of(seconds), "s");
  }

  /** The contract's name of a promise, if it has one. */
  static Optional<String> name(Json.Obj level) {
    return level
        .text("property")
        .map(word -> word.toLowerCase(Locale.ROOT))
        .flatMap(word -> Optional.ofNullable(NAMES.get(word)));
  }

  /** The promise as a contract writes it, such as {@code 30d}; empty if it cannot be read. */
  static Optional<Json> read(String name, Json.Obj level) {
    Optional<BigDecimal> number = number(level);
    String unit = level.text("unit").orElse("").strip().toLowerCase(Locale.ROOT);
    if (name.equals("availability")) {
      boolean percent = List.of("", "%", "percent", "pct").contains(unit);
      return number
          .filter(n -> percent && n.signum() > 0 && n.compareTo(BigDecimal.valueOf(100)) <= 0)
          .map(n -> new Json.Str(n.toPlainString() + "%"));
    }
    if (number.isEmpty() || number.get().signum() < 0) {
      return Optional.empty();
    }
    if (YEARS.contains(unit)) {
      return whole(number.get().multiply(BigDecimal.valueOf(365)), "d");
    }
    return Optional.ofNullable(UNITS.get(unit)).flatMap(word -> whole(number.get(), word));
  }

  /** Fractions are told in milliseconds. */
  private static Optional<Json> whole(BigDecimal number, String unit) {
    if (number.stripTrailingZeros().scale() <= 0) {
      return Optional.of(new Json.Str(number.setScale(0).toPlainString() + unit));
    }
    Map<String, Long> millis =
        Map.of(
            "ms",
            1L,
            "s",
            1_000L,
            "m",
            60_000L,
            "h",
            3_600_000L,
            "d",
            86_400_000L,
            "w",
            604_800_000L);
    BigDecimal inMillis = number.multiply(BigDecimal.valueOf(millis.getOrDefault(unit, 1L)));
    return inMillis.stripTrailingZeros().scale() <= 0
        ? Optional.of(new Json.Str(inMillis.setScale(0).toPlainString() + "ms"))
        : Optional.empty();
  }

  static boolean isYears(Json.Obj level) {
    return YEARS.contains(level.text("unit").orElse("").strip().toLowerCase(Locale.ROOT));
  }

  private static Optional<BigDecimal> number(Json.Obj level) {
    return switch (level.get("value").orElse(null)) {
      case Json.Num(BigDecimal value) -> Optional.of(value);
      case Json.Str(String text) when text.strip().matches("\\d{1,12}(\\.\\d{1,9})?\\s*%?") ->
          Optional.of(new BigDecimal(text.replace("%", "").strip()));
      case null, default -> Optional.empty();
    };
  }
}
