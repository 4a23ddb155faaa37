package dev.troth.observe.print;

import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Prints one line a span: time, service, role, name, status, duration, trace, span and parent id.
 */
public final class SpanLines implements SpanSink {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintWriter out;

  public SpanLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(Span span) {
    out.printf(
        "%s  %-18s %-6s %-34s %4s %9.3f ms  %s/%016x%s%n",
        TIME.format(Instant.ofEpochSecond(0, span.start())),
        span.target().service(),
        span.role() == Role.SERVER ? "server" : "client",
        span.name(),
        span.status().isEmpty() ? "-" : span.status(),
        span.nanos() / 1e6,
        span.traceId(),
        span.id(),
        span.parent() == 0 ? "" : " of %016x".formatted(span.parent()));
  }

  @Override
  public void tick(long now) {
    out.flush();
  }
}
