package dev.troth.observe.print;

import dev.troth.observe.discovery.Shown;
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
  private final StringBuilder line = new StringBuilder(160);

  public SpanLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(Span span) {
    // Put together by hand: formatting took longer than the events of 20,000 spans a second allow.
    line.setLength(0);
    line.append(TIME.format(Instant.ofEpochSecond(0, span.start()))).append("  ");
    left(span.target().service(), 18).append(' ');
    left(span.role() == Role.SERVER ? "server" : "client", 6).append(' ');
    left(span.name(), 34).append(' ');
    right(span.status().isEmpty() ? "-" : span.status(), 4).append(' ');
    millis(span.nanos()).append(" ms  ");
    hex(hex(span.traceHigh()), span.traceLow()).append('/');
    hex(line, span.id());
    if (span.parent() != 0) {
      hex(line.append(" of "), span.parent());
    }
    out.println(line);
  }

  private StringBuilder left(String text, int width) {
    line.append(Shown.text(text));
    return line.repeat(' ', Math.max(0, width - text.length()));
  }

  private StringBuilder right(String text, int width) {
    return line.repeat(' ', Math.max(0, width - text.length())).append(text);
  }

  /** With three digits behind the point, nine wide. */
  private StringBuilder millis(long nanos) {
    long micros = (nanos + 500) / 1_000;
    String whole = Long.toString(micros / 1_000);
    right(whole, 5).append('.');
    int rest = (int) (micros % 1_000);
    return line.append((char) ('0' + rest / 100))
        .append((char) ('0' + rest / 10 % 10))
        .append((char) ('0' + rest % 10));
  }

  private StringBuilder hex(long number) {
    return hex(line, number);
  }

  private static StringBuilder hex(StringBuilder out, long number) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out.append(Character.forDigit((int) (number >>> shift) & 0xf, 16));
    }
    return out;
  }

  @Override
  public void tick(long now) {
    out.flush();
  }
}
