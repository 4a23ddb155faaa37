package dev.troth.contracts;

import dev.troth.json.Json;
import dev.troth.json.file.SourceFile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the part {@code sla} of a contract. */
final class SlaReader {
  private static final List<String> KEYS =
      List.of("availability", "latency", "retention", "freshness");
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|w)");

  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "w", Duration.ofDays(7));

  private final SourceFile source;
  private final List<Finding> findings;

  SlaReader(SourceFile source, List<Finding> findings) {
    this.source = source;
    this.findings = findings;
  }

  Sla read(Json.Obj contract) {
    return switch (contract.get("sla").orElse(null)) {
      case null -> Sla.NONE;
      case Json.Obj sla -> {
        for (String key : sla.members().keySet()) {
          if (!KEYS.contains(key)) {
            wrong(key, "unknown key '%s', expected one of %s".formatted(key, KEYS));
          }
        }
        yield new Sla(
            availability(sla),
            time(sla, "latency"),
            time(sla, "retention"),
            time(sla, "freshness"));
      }
      case Json other -> {
        wrong("", "sla is " + other + ", expected an object");
        yield Sla.NONE;
      }
    };
  }

  private Optional<BigDecimal> availability(Json.Obj sla) {
    Optional<BigDecimal> percent =
        switch (sla.get("availability").orElse(null)) {
          case Json.Num number -> Optional.of(number.value());
          case Json.Str text when text.value().matches("\\d{1,3}(\\.\\d{1,9})?\\s*%?") ->
              Optional.of(new BigDecimal(text.value().replace("%", "").strip()));
          case null, default -> Optional.empty();
        };
    boolean given = sla.get("availability").isPresent();
    if (given
        && percent
            .filter(p -> p.signum() > 0 && p.compareTo(BigDecimal.valueOf(100)) <= 0)
            .isEmpty()) {
      wrong(
          "availability",
          "availability is %s, expected a percentage above 0 and at most 100"
              .formatted(sla.get("availability").orElseThrow()));
      return Optional.empty();
    }
    return percent;
  }

  private Optional<Duration> time(Json.Obj sla, String key) {
    if (sla.get(key).isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> duration = sla.text(key).flatMap(SlaReader::duration);
    if (duration.isEmpty()) {
      wrong(
          key,
          "%s is %s, expected a duration such as 500ms, 30s, 24h, 30d or PT30S"
              .formatted(key, sla.get(key).orElseThrow()));
    }
    return duration;
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      return Optional.ofNullable(UNITS.get(matcher.group(2)))
          .map(unit -> unit.multipliedBy(Long.parseLong(matcher.group(1))));
    }
    try {
      return Optional.of(Duration.parse(text)).filter(d -> !d.isNegative());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void wrong(String key, String message) {
    String pointer = key.isEmpty() ? "/sla" : "/sla/" + key;
    findings.add(
        Finding.error("sla-value", source.place(pointer), message, "write a value of that form"));
  }
}
