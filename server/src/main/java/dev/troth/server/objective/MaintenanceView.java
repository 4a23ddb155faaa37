package dev.troth.server.objective;

import dev.troth.slo.engine.Evidence.LeftOut;
import dev.troth.slo.objective.Maintenance;
import dev.troth.slo.objective.MaintenanceTimes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A time of maintenance that comes again and again, as the API and the console show it.
 *
 * @param rule when it is, in the words of its file
 * @param now whether it goes on
 * @param from when it began, or begins the next time; null if not within two months
 * @param requests that it left out of the window, and how many of them were bad
 */
public record MaintenanceView(
    String name,
    String rule,
    String reason,
    boolean now,
    @Nullable Instant from,
    @Nullable Instant to,
    long requests,
    long bad) {

  static List<MaintenanceView> of(List<LeftOut> leftOut, Instant now) {
    return leftOut.stream().map(one -> of(one, now)).toList();
  }

  private static MaintenanceView of(LeftOut left, Instant now) {
    Maintenance maintenance = left.maintenance();
    Optional<MaintenanceTimes.Time> next =
        new MaintenanceTimes(List.of(maintenance)).next(maintenance, now);
    return new MaintenanceView(
        maintenance.name(),
        maintenance.text(),
        maintenance.reason(),
        next.filter(time -> !time.from().isAfter(now)).isPresent(),
        next.map(MaintenanceTimes.Time::from).orElse(null),
        next.map(MaintenanceTimes.Time::to).orElse(null),
        left.counts().total(),
        left.counts().badHigh());
  }
}
