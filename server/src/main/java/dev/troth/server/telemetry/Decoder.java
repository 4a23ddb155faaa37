package dev.troth.server.telemetry;

import com.google.protobuf.ByteString;
import dev.troth.server.telemetry.Batch.Rejected;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OTLP messages as the platform's records.
 *
 * <p>An item that breaks the protocol, such as a span without an id, is left out and counted; the
 * rest of the message is used.
 */
final class Decoder {
  private static final int MOST_EVENTS = 32;

  /** Up to here, every whole number is a double. */
  private static final long MOST_COUNTED = 1L << 53;

  private Decoder() {}

  static Batch traces(ExportTraceServiceRequest request) {
    List<SpanRecord> spans = new ArrayList<>();
    Rejected rejected = Rejected.NONE;
    for (var resource : request.getResourceSpansList()) {
      String service = service(resource.getResource());
      for (var scope : resource.getScopeSpansList()) {
        for (var span : scope.getSpansList()) {
          try {
            spans.add(span(service, span));
          } catch (IllegalArgumentException wrong) {
            rejected = rejected.plus(String.valueOf(wrong.getMessage()));
          }
        }
      }
    }
    return Batch.ofSpans(spans, rejected);
  }

  private static SpanRecord span(String service, io.opentelemetry.proto.trace.v1.Span span) {
    String trace = traceId(span.getTraceId());
    long id = spanId("span id", span.getSpanId());
    long parent = span.getParentSpanId().isEmpty() ? 0 : spanId("parent", span.getParentSpanId());
    if (span.getStartTimeUnixNano() <= 0 || span.getEndTimeUnixNano() <= 0) {
      throw new IllegalArgumentException("span %s has no start or no end".formatted(hex(id)));
    }
    StatusCode code = span.getStatus().getCode();
    Span core =
        new Span(
            new Span.Ids(trace, id, parent),
            new Span.Place(service, Attributes.text(span.getName()), kind(span.getKind())),
            new Span.Interval(span.getStartTimeUnixNano(), span.getEndTimeUnixNano()),
            code == StatusCode.STATUS_CODE_ERROR,
            Attributes.of(span.getAttributesList()),
            TraceState.weight(span.getTraceState()));
    List<SpanRecord.Event> events = new ArrayList<>();
    for (var event : span.getEventsList().stream().limit(MOST_EVENTS).toList()) {
      events.add(
          new SpanRecord.Event(
              Attributes.text(event.getName()),
              event.getTimeUnixNano(),
              Attributes.of(event.getAttributesList())));
    }
    return new SpanRecord(
        core, status(code), Attributes.text(span.getStatus().getMessage()), events);
  }

  private static String status(StatusCode code) {
    return switch (code) {
      case STATUS_CODE_OK -> "ok";
      case STATUS_CODE_ERROR -> "error";
      case STATUS_CODE_UNSET, UNRECOGNIZED -> "unset";
    };
  }

  private static SpanKind kind(io.opentelemetry.proto.trace.v1.Span.SpanKind kind) {
    return switch (kind) {
      case SPAN_KIND_SERVER -> SpanKind.SERVER;
      case SPAN_KIND_CLIENT -> SpanKind.CLIENT;
      case SPAN_KIND_PRODUCER -> SpanKind.PRODUCER;
      case SPAN_KIND_CONSUMER -> SpanKind.CONSUMER;
      case SPAN_KIND_UNSPECIFIED, SPAN_KIND_INTERNAL, UNRECOGNIZED -> SpanKind.INTERNAL;
    };
  }

  private static String traceId(ByteString id) {
    if (id.size() != 16 || isZero(id)) {
      throw new IllegalArgumentException(
          "trace id is '%s', expected 16 bytes that are not all zero".formatted(hex(id)));
    }
    return hex(id);
  }

  private static long spanId(String what, ByteString id) {
    if (id.size() != 8 || isZero(id)) {
      throw new IllegalArgumentException(
          "%s is '%s', expected 8 bytes that are not all zero".formatted(what, hex(id)));
    }
    return id.asReadOnlyByteBuffer().getLong();
  }

  private static boolean isZero(ByteString id) {
    for (byte b : id) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static String hex(long id) {
    return SpanRecord.hex(id);
  }

  private static String service(Resource resource) {
    return Attributes.of(resource.getAttributesList()).getOrDefault("service.name", "unknown");
  }

  /** Log lines that carry a trace id; the others belong to no request and are not kept. */
  static Batch logs(ExportLogsServiceRequest request) {
    List<LogRecord> logs = new ArrayList<>();
    for (var resource : request.getResourceLogsList()) {
      String service = service(resource.getResource());
      for (var scope : resource.getScopeLogsList()) {
        for (var log : scope.getLogRecordsList()) {
          if (log.getTraceId().size() == 16 && !isZero(log.getTraceId())) {
            long at =
                log.getTimeUnixNano() != 0 ? log.getTimeUnixNano() : log.getObservedTimeUnixNano();
            logs.add(
                new LogRecord(
                    hex(log.getTraceId()),
                    hex(log.getSpanId()),
                    instant(at),
                    log.getSeverityText().isEmpty()
                        ? severity(log.getSeverityNumberValue())
                        : Attributes.text(log.getSeverityText()),
                    service,
                    Attributes.text(log.getBody())));
          }
        }
      }
    }
    return Batch.ofLogs(logs, Rejected.NONE);
  }

  /** The names of OpenTelemetry's log data model: four numbers to a name. */
  private static String severity(int number) {
    List<String> names = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
    return number < 1 || number > 24 ? "" : names.get((number - 1) / 4);
  }

  /**
   * Monotonic sums and the counts of histograms; gauges count nothing and are left out. A value
   * that no count can have is refused, not bent.
   */
  static Batch metrics(ExportMetricsServiceRequest request) {
    Points points = new Points();
    for (var resource : request.getResourceMetricsList()) {
      Map<String, String> shared = Attributes.of(resource.getResource().getAttributesList());
      for (var scope : resource.getScopeMetricsList()) {
        for (Metric metric : scope.getMetricsList()) {
          add(points, metric, shared);
        }
      }
    }
    return Batch.ofPoints(points.taken, points.rejected);
  }

  /** Points as they are read. */
  private static final class Points {
    final List<MetricPoint> taken = new ArrayList<>();
    Rejected rejected = Rejected.NONE;

    void add(
        Metric metric,
        Map<String, String> attributes,
        Time time,
        double value,
        AggregationTemporality temporality,
        int flags) {
      // A sender that has stopped says so in a point without a value.
      if ((flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) != 0) {
        return;
      }
      boolean cumulative = temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
      boolean delta = temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
      // NaN is not within.
      boolean countable = value >= 0 && value <= MOST_COUNTED;
      if (countable && (cumulative || delta) && time.at > 0 && time.started <= time.at) {
        taken.add(
            new MetricPoint(
                Attributes.text(metric.getName()),
                attributes,
                instant(time.started),
                instant(time.at),
                value,
                cumulative));
        return;
      }
      String wrong =
          !countable
              ? "%s, expected 0 to %,d".formatted(value, MOST_COUNTED)
              : !cumulative && !delta
                  ? "neither cumulative nor delta"
                  : "at %s since %s, expected a time, and a start before it"
                      .formatted(instant(time.at), instant(time.started));
      rejected = rejected.plus("a point of '%s' is %s".formatted(metric.getName(), wrong));
    }
  }

  /** Nanoseconds since 1970. */
  private record Time(long started, long at) {}

  private static void add(Points points, Metric metric, Map<String, String> shared) {
    switch (metric.getDataCase()) {
      case SUM -> {
        if (metric.getSum().getIsMonotonic()) {
          var temporality = metric.getSum().getAggregationTemporality();
          for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
            double value = point.hasAsInt() ? (double) point.getAsInt() : point.getAsDouble();
            var time = new Time(point.getStartTimeUnixNano(), point.getTimeUnixNano());
            var attributes = merged(shared, point.getAttributesList());
            points.add(metric, attributes, time, value, temporality, point.getFlags());
          }
        }
      }
      case HISTOGRAM -> {
        var temporality = metric.getHistogram().getAggregationTemporality();
        for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
          var time = new Time(point.getStartTimeUnixNano(), point.getTimeUnixNano());
          var attributes = merged(shared, point.getAttributesList());
          double count = (double) point.getCount();
          points.add(metric, attributes, time, count, temporality, point.getFlags());
        }
      }
      case EXPONENTIAL_HISTOGRAM -> {
        var temporality = metric.getExponentialHistogram().getAggregationTemporality();
        for (var point : metric.getExponentialHistogram().getDataPointsList()) {
          var time = new Time(point.getStartTimeUnixNano(), point.getTimeUnixNano());
          var attributes = merged(shared, point.getAttributesList());
          double count = (double) point.getCount();
          points.add(metric, attributes, time, count, temporality, point.getFlags());
        }
      }
      case GAUGE, SUMMARY, DATA_NOT_SET -> {}
    }
  }

  private static Map<String, String> merged(Map<String, String> shared, List<KeyValue> own) {
    Map<String, String> merged = new LinkedHashMap<>(shared);
    merged.putAll(Attributes.of(own));
    return merged;
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
