package dev.troth.server.console.kept;

import java.util.Map;

/**
 * All that pages which are kept show, as numbers: while it is the same, so are they.
 *
 * <p>It is taken before a page is read, so that what moves meanwhile makes the page old at once.
 *
 * @param database its {@link dev.troth.server.db.Database#state}: every record, change, watch, mark
 *     and span
 * @param burning objectives that page or ticket now: they follow the clock, not the commits alone
 * @param losses what telemetry was refused, by reason, which nothing is stored of
 */
public record Stamp(String database, long burning, Map<String, Long> losses) {
  public Stamp {
    losses = Map.copyOf(losses);
  }
}
