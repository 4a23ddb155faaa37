package dev.troth.slo.objective;

/**
 * Queries of PromQL that count the events of an objective over a window.
 *
 * @param total all events
 * @param counted the good ones or the bad ones
 */
public record EventQueries(String total, String counted, boolean countsGood) {
  public EventQueries {
    if (total.isBlank() || counted.isBlank()) {
      throw new IllegalArgumentException("a query is empty, expected PromQL");
    }
  }
}
