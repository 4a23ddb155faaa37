package dev.troth.server.telemetry;

import java.time.Instant;

/** A log line that belongs to a trace; {@code span} is its span's id in hex, or empty. */
public record LogRecord(
    String trace, String span, Instant at, String severity, String service, String body) {}
