package dev.troth.server.telemetry;

import java.time.Instant;
import java.util.Map;

/**
 * One value of a counter; of a histogram, its count.
 *
 * @param attributes of the resource and of the point
 * @param started when a cumulative counter began to count
 * @param cumulative the value counts since the start, else since the point before
 */
public record MetricPoint(
    String metric,
    Map<String, String> attributes,
    Instant started,
    Instant at,
    double value,
    boolean cumulative) {}
