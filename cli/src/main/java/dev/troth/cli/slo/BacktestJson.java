package dev.troth.cli.slo;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Outcome;
import dev.troth.slo.backtest.Outcome.Told;
import dev.troth.slo.backtest.Truth;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Backtests as JSON. */
final class BacktestJson {
  private BacktestJson() {}

  static Json of(Replay replay, Outcome outcome, Optional<Truth> truth) {
    return new JsonMembers()
        .text("file", replay.file())
        .put("alerts", new Json.Arr(replay.alerts().stream().map(a -> alert(a, outcome)).toList()))
        .put(
            "incidents",
            new Json.Arr(outcome.incidents().stream().map(told -> told(told, truth)).toList()))
        .put("pages", Json.Num.of(outcome.pages()))
        .put("falsePages", Json.Num.of(outcome.falsePages().size()))
        .put("tickets", Json.Num.of(outcome.tickets()))
        .put("incidentMinutes", Json.Num.of(outcome.incidentMinutes()))
        .put("minutesUnpaged", Json.Num.of(outcome.minutesMissed()))
        .put("precision", share(outcome.precision()))
        .put("recall", share(outcome.recall()))
        .put("notKnown", new Json.Arr(replay.notKnown().stream().map(BacktestJson::text).toList()))
        .json();
  }

  /** Null where there is nothing to take a share of. */
  private static Json share(double value) {
    return Double.isNaN(value)
        ? Json.Null.NULL
        : new Json.Num(BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP));
  }

  private static Json text(String value) {
    return new Json.Str(value);
  }

  private static Json alert(Alert alert, Outcome outcome) {
    boolean wrong = !outcome.incidents().isEmpty() && outcome.falsePages().contains(alert);
    return new JsonMembers()
        .text("severity", alert.severity().word())
        .text("condition", alert.condition())
        .text("firedAt", alert.firedAt().toString())
        .put("resolvedAt", time(alert.resolvedAt()))
        .put("false", Json.Bool.of(wrong))
        .json();
  }

  private static Json time(Optional<java.time.Instant> at) {
    return at.<Json>map(instant -> new Json.Str(instant.toString())).orElse(Json.Null.NULL);
  }

  private static Json told(Told told, Optional<Truth> truth) {
    Optional<Truth.Requests> requests =
        truth.map(counts -> counts.between(told.incident().from(), told.incident().to()));
    return new JsonMembers()
        .text("name", told.incident().name())
        .text("from", told.incident().from().toString())
        .text("to", told.incident().to().toString())
        .put("requests", requests.<Json>map(r -> Json.Num.of(r.total())).orElse(Json.Null.NULL))
        .put("badRequests", requests.<Json>map(r -> Json.Num.of(r.bad())).orElse(Json.Null.NULL))
        .put("pagedAt", time(told.paged()))
        .put("ticketAt", time(told.ticketed()))
        .put("minutesUnpaged", Json.Num.of(told.minutesMissed()))
        .json();
  }
}
