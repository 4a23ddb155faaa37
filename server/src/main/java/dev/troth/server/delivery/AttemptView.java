package dev.troth.server.delivery;

import java.time.Instant;

/**
 * One attempt as clients see it.
 *
 * @param number from 1
 * @param outcome {@code delivered}, {@code failed}, {@code refused} or {@code gone}
 */
public record AttemptView(int number, Instant at, String outcome, String note) {}
