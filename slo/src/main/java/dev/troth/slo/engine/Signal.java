package dev.troth.slo.engine;

import java.time.Duration;

/**
 * That a counter is received.
 *
 * @param minute the first minute that a point covers; {@code Long.MAX_VALUE} if there is none
 * @param every the time between two points; zero if it is not known
 */
public record Signal(long minute, Duration every) {}
