package dev.troth.observe.metrics;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.http.Role;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts requests and their durations by service, role, method, route and status. The number of
 * series is bounded: beyond it everything goes to one with the route {@code other}.
 */
public final class RequestMetrics {
  private static final int MOST_SERIES = 2_000;
  private static final String OVERFLOW = "other";

  /** What a series is of; status 0 without a response. */
  public record Series(Target target, Role role, String method, String route, long status) {}

  private final Map<Series, DurationHistogram> series = new LinkedHashMap<>();

  public synchronized void add(Span span) {
    String method = "";
    String route = "";
    long status = 0;
    for (Attribute attribute : span.attributes()) {
      switch (attribute.name()) {
        case "http.request.method" -> method = text(attribute);
        case "http.route", "url.template" -> route = text(attribute);
        case "http.response.status_code" -> status = number(attribute);
        default -> {}
      }
    }
    Series key = new Series(span.target(), span.role(), method, route, status);
    if (series.size() >= MOST_SERIES && !series.containsKey(key)) {
      key = new Series(span.target(), span.role(), method, OVERFLOW, status);
    }
    series.computeIfAbsent(key, added -> new DurationHistogram()).add(span.nanos());
  }

  private static String text(Attribute attribute) {
    return switch (attribute.value()) {
      case Attribute.Text(String text) -> text;
      case Attribute.Whole(long number) -> Long.toString(number);
      case Attribute.Texts(var texts) -> String.join(",", texts);
    };
  }

  private static long number(Attribute attribute) {
    return attribute.value() instanceof Attribute.Whole(long number) ? number : 0;
  }

  /** The series of one target as they are now. */
  public record Group(Target target, Map<Series, DurationHistogram> series) {}

  /** A copy of all series, by target. */
  public synchronized List<Group> groups() {
    Map<Target, Map<Series, DurationHistogram>> byTarget = new LinkedHashMap<>();
    series.forEach((key, histogram) ->
        byTarget
            .computeIfAbsent(key.target, added -> new LinkedHashMap<>())
            .put(key, histogram.copy()));
    return byTarget.entrySet().stream()
        .map(entry -> new Group(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Appends the text format of Prometheus (version 0.0.4). */
  synchronized void writeTo(StringBuilder out) {
    for (Role role : Role.values()) {
      String name =
          role == Role.SERVER
              ? "http_server_request_duration_seconds"
              : "http_client_request_duration_seconds";
      out.append("# HELP ").append(name).append(" Duration of HTTP requests.\n");
      out.append("# TYPE ").append(name).append(" histogram\n");
      series.forEach((key, histogram) -> {
        if (key.role == role) {
          write(out, name, labels(key), histogram);
        }
      });
    }
  }

  private static void write(
      StringBuilder out, String name, String labels, DurationHistogram histogram) {
    long below = 0;
    for (int i = 0; i <= DurationHistogram.BOUNDS.length; i++) {
      below += histogram.count(i);
      String bound =
          i == DurationHistogram.BOUNDS.length
              ? "+Inf"
              : Double.toString(DurationHistogram.BOUNDS[i]);
      out.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound);
      out.append("\"} ").append(below).append('\n');
    }
    out.append(name).append("_sum{").append(labels).append("} ").append(histogram.sum());
    out.append('\n').append(name).append("_count{").append(labels).append("} ");
    out.append(histogram.count()).append('\n');
  }

  private static String labels(Series key) {
    return "service_name=\"%s\",service_instance_id=\"%s\",http_request_method=\"%s\",http_route=\"%s\",http_response_status_code=\"%s\""
        .formatted(
            escape(key.target.service()),
            escape(key.target.resource().getOrDefault("service.instance.id", "")),
            escape(key.method),
            escape(key.route),
            key.status == 0 ? "" : Long.toString(key.status));
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
