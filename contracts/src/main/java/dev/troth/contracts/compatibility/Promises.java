package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Sla;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A promise may be improved, not taken back. */
final class Promises {
  private Promises() {}

  /** What became worse. */
  static List<Finding> worse(Sla next, Sla before) {
    List<Finding> findings = new ArrayList<>();
    worse("availability", next.availability(), before.availability(), true, findings);
    worse("retention", next.retention(), before.retention(), true, findings);
    worse("latency", next.latency(), before.latency(), false, findings);
    worse("freshness", next.freshness(), before.freshness(), false, findings);
    return findings;
  }

  private static <T extends Comparable<T>> void worse(
      String what, Optional<T> next, Optional<T> before, boolean higherIsBetter, List<Finding> to) {
    if (before.isEmpty()) {
      return;
    }
    int order = next.isEmpty() ? 0 : next.get().compareTo(before.get());
    if (next.isEmpty() || (higherIsBetter ? order < 0 : order > 0)) {
      to.add(
          Finding.error(
              "sla/" + what,
              "/sla/" + what,
              "%s is %s, expected %s %s as promised before"
                  .formatted(
                      what,
                      next.map(Promises::shown).orElse("not promised any more"),
                      higherIsBetter ? "at least" : "at most",
                      shown(before.get())),
              "keep the promise, or raise the major version"));
    }
  }

  private static String shown(Object promise) {
    return switch (promise) {
      case BigDecimal percent -> percent.toPlainString() + " %";
      case Duration time -> time.toString().substring(2).toLowerCase(Locale.ROOT);
      default -> promise.toString();
    };
  }
}
