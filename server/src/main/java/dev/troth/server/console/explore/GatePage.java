package dev.troth.server.console.explore;

import dev.troth.gate.core.Reason;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.page.Slots;
import dev.troth.server.gate.GateFigures;
import dev.troth.server.gate.PlatformGate;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The gate: how tokens were judged since this platform started, and with which key. */
public record GatePage(GateFigures figures, String base, Instant now) {
  private static final Slots<GatePage> SLOTS =
      new Slots<GatePage>()
          .text("gate.checked", page -> Formats.grouped(page.checked()))
          .text("gate.refused", page -> Formats.grouped(page.refused()))
          .text("gate.refusedTone", page -> page.refused() == 0 ? "ok" : "warn")
          .text("gate.refusedNote", GatePage::refusedNote)
          .text("gate.p95", page -> page.took(page.figures.latency().p95()))
          .text("gate.latency", GatePage::latency)
          .text(
              "gate.engine",
              page ->
                  page.figures.sandboxed()
                      ? "in the WebAssembly sandbox"
                      : "as plain Java: this build has no sandbox")
          .text("gate.command", page -> command(page.base))
          .text("verdicts.state", page -> page.checked() == 0 ? "empty" : "ok")
          .each("verdicts", GatePage::rows, Row.SLOTS)
          .text("key.id", page -> page.figures.key().id())
          .text("key.algorithm", page -> page.figures.key().algorithm())
          .text("key.since", page -> page.figures.key().since().map(Formats::minute).orElse(""))
          .text(
              "key.age",
              page ->
                  page.figures
                      .key()
                      .since()
                      .map(since -> Formats.ago(page.now, since))
                      .orElse(Formats.UNKNOWN));

  /** One reason. */
  private record Row(Reason reason, long count, long all) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("code", row -> row.reason.code())
            .text("words", row -> row.reason == Reason.VALID ? "genuine" : row.reason.wording())
            .text("tone", row -> row.reason == Reason.VALID ? "ok" : "warn")
            .text("verdict", row -> row.reason == Reason.VALID ? "valid" : "refused")
            .text("count", row -> Formats.grouped(row.count))
            .text("share", row -> Formats.part(row.count, row.all));
  }

  /** The page over its services. */
  public static Page<GatePage> with(PlatformGate gate, Clock clock) {
    return Page.at(
        "/gate",
        "gate.html",
        SLOTS,
        visit -> new GatePage(gate.figures(), visit.base(), clock.instant()));
  }

  /** The command that has a token judged, at the address by which this browser came. */
  private static String command(String base) {
    return "curl -X POST %s/gate/validate -H \"authorization: Bearer $TROTH_TOKEN\""
        .formatted(base);
  }

  private List<Row> rows() {
    return figures.verdicts().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(one -> new Row(one.getKey(), one.getValue(), checked()))
        .toList();
  }

  private long checked() {
    return figures.verdicts().values().stream().mapToLong(Long::longValue).sum();
  }

  private long refused() {
    return checked() - figures.verdicts().getOrDefault(Reason.VALID, 0L);
  }

  private String refusedNote() {
    return checked() == 0
        ? "none was checked yet"
        : Formats.part(refused(), checked()) + " of all that were checked";
  }

  private String took(long nanos) {
    return figures.latency().checks() == 0 ? Formats.UNKNOWN : Formats.duration(nanos / 1_000);
  }

  private String latency() {
    GateFigures.Latency latency = figures.latency();
    return latency.checks() == 0
        ? "how long a check takes"
        : "p50 %s, p99 %s, longest %s of the last %s"
            .formatted(
                took(latency.p50()),
                took(latency.p99()),
                took(latency.longest()),
                Formats.counted(latency.checks(), "check", "checks"));
  }
}
