package dev.troth.slo.backtest;

import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A chart of backtests as SVG: what was wrong, and below it what each version told, over time. */
public final class BacktestChart {
  private static final int LEFT = 170;
  private static final int WIDTH = 960;
  private static final int LANE = 26;
  private static final int TOP = 34;

  private final StringBuilder svg = new StringBuilder();
  private final Instant from;
  private final double seconds;
  private int y = TOP;

  /** One version's alerts under its name. */
  public record Version(String name, List<Alert> alerts) {
    public Version {
      alerts = List.copyOf(alerts);
    }
  }

  private BacktestChart(Instant from, Instant to) {
    this.from = from;
    this.seconds = Math.max(60, Duration.between(from, to).toSeconds());
  }

  /** The chart of incidents and versions; nothing if there is neither an alert nor an incident. */
  public static Optional<String> of(List<Incident> incidents, List<Version> versions) {
    List<Instant> times = new ArrayList<>();
    incidents.forEach(incident -> times.addAll(List.of(incident.from(), incident.to())));
    versions.forEach(version ->
        version
            .alerts()
            .forEach(alert -> {
              times.add(alert.firedAt());
              alert.resolvedAt().ifPresent(times::add);
            }));
    if (times.isEmpty()) {
      return Optional.empty();
    }
    Instant first = times.stream().min(Instant::compareTo).orElseThrow();
    Instant last = times.stream().max(Instant::compareTo).orElseThrow();
    BacktestChart chart =
        new BacktestChart(
            first.truncatedTo(ChronoUnit.DAYS),
            last.plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS));
    return Optional.of(chart.draw(incidents, versions));
  }

  private String draw(List<Incident> incidents, List<Version> versions) {
    int lanes = (incidents.isEmpty() ? 0 : 1) + 2 * versions.size();
    int height = TOP + lanes * LANE + 12;
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#fff"/>
        """
            .formatted(LEFT + WIDTH + 10, height, LEFT + WIDTH + 10, height));
    days(height);
    if (!incidents.isEmpty()) {
      lane("incidents");
      incidents.forEach(incident ->
          bar(
              incident.from(),
              incident.to(),
              "#8a8f98",
              "%s from %s to %s"
                  .formatted(
                      incident.name().isEmpty() ? "incident" : incident.name(),
                      incident.from(),
                      incident.to())));
      y += LANE;
    }
    for (Version version : versions) {
      alerts(version, Severity.PAGE, "#c62828");
      alerts(version, Severity.TICKET, "#ef8f00");
    }
    return svg.append("</svg>\n").toString();
  }

  private void alerts(Version version, Severity severity, String color) {
    lane("%ss of %s".formatted(severity.word(), version.name()));
    for (Alert alert : version.alerts()) {
      if (alert.severity() == severity) {
        Instant end = alert.resolvedAt().orElse(from.plusSeconds((long) seconds));
        bar(
            alert.firedAt(),
            end,
            color,
            "%s at %s, %s, %s"
                .formatted(
                    severity.word(),
                    alert.firedAt(),
                    alert.resolvedAt().map(at -> "until " + at).orElse("still open"),
                    alert.condition()));
      }
    }
    y += LANE;
  }

  private void days(int height) {
    long whole = Math.max(1, (long) (seconds / 86_400));
    long every = Math.max(1, whole / 10);
    for (long day = 0; day <= whole; day += every) {
      Instant at = from.plus(day, ChronoUnit.DAYS);
      svg.append(
          "<line x1=\"%s\" y1=\"22\" x2=\"%s\" y2=\"%d\" stroke=\"#e3e5e8\"/><text x=\"%s\" y=\"16\" text-anchor=\"middle\" fill=\"#555\">%s</text>\n"
              .formatted(x(at), x(at), height - 8, x(at), at.toString().substring(5, 10)));
    }
  }

  private void lane(String name) {
    svg.append(
        "<text x=\"8\" y=\"%d\" fill=\"#222\">%s</text>\n"
            .formatted(y + 16, escaped(shortened(name))));
  }

  private static String shortened(String name) {
    return name.length() <= 26
        ? name
        : name.substring(0, 10) + "…" + name.substring(name.length() - 15);
  }

  /** At least two pixels, so that a page of a minute in a month is seen. */
  private void bar(Instant begin, Instant end, String color, String words) {
    double left = position(begin);
    double width = Math.max(2, position(end) - left);
    svg.append(
        "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"1\" fill=\"%s\"><title>%s</title></rect>\n"
            .formatted(number(left), y + 4, number(width), LANE - 8, color, escaped(words)));
  }

  private double position(Instant at) {
    return LEFT + WIDTH * Math.clamp(Duration.between(from, at).toSeconds() / seconds, 0, 1);
  }

  private String x(Instant at) {
    return number(position(at));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
