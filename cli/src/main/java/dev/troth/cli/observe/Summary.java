package dev.troth.cli.observe;

import dev.troth.observe.doctor.Advice;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.LogCounts;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.metrics.Unread;
import dev.troth.observe.otlp.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The last lines of {@code observe run}. */
final class Summary {
  private Summary() {}

  /** What was seen and what was not: nothing that is missing goes without a word. */
  static List<String> of(
      AgentCounters counters, List<Sight> sights, Optional<SpanExporter> exporter) {
    List<String> lines = new ArrayList<>();
    sights.forEach(sight -> lines.add(seen(sight)));
    for (Unread unread : counters.unread()) {
      lines.add(
          "%s, port %d: %s not read: %s; %s"
              .formatted(
                  unread.service(),
                  unread.port(),
                  counted(unread.connections(), "connection"),
                  unread.what(),
                  Advice.about(unread.what())));
    }
    for (Sight sight : sights) {
      if (sight.unix() > 0) {
        lines.add(
            "%s: %s over unix sockets not read; %s"
                .formatted(sight.service(), counted(sight.unix(), "message"), Advice.UNIX));
      }
      if (sight.hidden() > 0) {
        lines.add(
            "%s: %s not read that passed by io_uring or by other ways than calls that read or"
                    .formatted(sight.service(), counted(sight.hidden(), "message"))
                + " write; "
                + Advice.IO_URING);
      }
    }
    if (counters.unjoined() > 0) {
      lines.add(
          counted(counters.unjoined(), "call")
              + " began a trace: what caused them was not certain");
    }
    AgentCounters.Trouble trouble = counters.trouble();
    if (trouble.stalls() + trouble.faults() + trouble.givenUp() + trouble.strangers() > 0) {
      lines.add(
          "%s, %s given up for a fault, %,d for want of room, %s of unknown processes"
              .formatted(
                  counted(trouble.stalls(), "stall"),
                  counted(trouble.faults(), "connection"),
                  trouble.givenUp(),
                  counted(trouble.strangers(), "event")));
    }
    if (counters.kernel().cut() + counters.kernel().shed() > 0) {
      lines.add(
          "%s cut short, %s of bodies left out while the ring buffer was crowded; a larger"
                  .formatted(
                      counted(counters.kernel().cut(), "message"),
                      counted(counters.kernel().shed(), "part"))
              + " limits.ring_bytes or less traffic helps");
    }
    String text =
        "%s, %s, %s lost: about %s missing, %,d abandoned"
            .formatted(
                counted(counters.requests(), "request"),
                counted(counters.spans(), "span"),
                counted(counters.lost(), "event"),
                counted(counters.missing(), "request"),
                counters.abandoned());
    lines.add(
        exporter
            .map(SpanExporter::counters)
            .map(sent ->
                text
                    + "; %s sent, %,d dropped"
                        .formatted(counted(sent.sent(), "span"), sent.dropped()))
            .orElse(text));
    return lines;
  }

  /** What became of lines. */
  static String of(LogCounts logs, Map<String, Long> unsent) {
    return "%s, %,d with the ids of their request, %,d cut, %,d left out, %,d not sent"
        .formatted(
            counted(logs.lines(), "line"),
            logs.joined(),
            logs.cut(),
            logs.left(),
            unsent.values().stream().mapToLong(Long::longValue).sum());
  }

  /** {@code orders: seen 248 requests of HTTP/1 at port 3000}. */
  private static String seen(Sight sight) {
    return sight.seen().isEmpty()
        ? sight.service() + ": no request seen"
        : sight.seen().stream()
            .map(one ->
                "%s of %s at port %d"
                    .formatted(counted(one.requests(), "request"), one.protocol(), one.port()))
            .collect(Collectors.joining(", ", sight.service() + ": seen ", ""));
  }

  static String counted(long count, String what) {
    return "%,d %s%s".formatted(count, what, count == 1 ? "" : "s");
  }
}
