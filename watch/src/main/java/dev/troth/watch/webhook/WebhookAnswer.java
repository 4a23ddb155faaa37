package dev.troth.watch.webhook;

import dev.troth.watch.delivery.Outcome;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** What a receiver's answer means for the delivery. */
public final class WebhookAnswer {
  private static final long LONGEST_PAUSE = Duration.ofDays(365).toSeconds();

  private WebhookAnswer() {}

  /**
   * 2xx delivers and 410 ends the endpoint; everything else may work later, redirects included,
   * which are never followed.
   *
   * @param retryAfter the header of that name, empty without
   */
  public static Outcome outcome(int status, String retryAfter, Instant now) {
    if (status >= 200 && status < 300) {
      return new Outcome.Delivered("HTTP " + status);
    }
    if (status == 410) {
      return new Outcome.Gone("HTTP 410");
    }
    return new Outcome.Failed("HTTP " + status, pause(retryAfter, now));
  }

  /** Seconds, a year at most, or a date (RFC 9110 §10.2.3); zero for what is neither or past. */
  public static Duration pause(String retryAfter, Instant now) {
    String text = retryAfter.strip();
    if (text.matches("\\d+")) {
      return Duration.ofSeconds(
          new BigInteger(text).min(BigInteger.valueOf(LONGEST_PAUSE)).longValueExact());
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
