package dev.troth.watch.terms;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;

/** When a time that people read off their clocks is. */
final class WallClock {
  private WallClock() {}

  /**
   * The instant of a local time. One that a change of the clocks leaves out is that change; of one
   * that comes twice it is the first.
   */
  static Instant at(LocalDateTime local, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }
}
