package dev.troth.slo.chain;

import java.util.List;
import java.util.Map;

/**
 * One step that a request must pass.
 *
 * @param failWhen signs of failure beside the usual ones
 * @param ignoreWhen on the entry step: requests that do not count, such as the caller's own errors
 */
public record Step(
    String name,
    SpanMatch match,
    List<AttributeTest> failWhen,
    List<AttributeTest> ignoreWhen,
    Traits traits) {
  public Step {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a step has no name");
    }
    failWhen = List.copyOf(failWhen);
    ignoreWhen = List.copyOf(ignoreWhen);
  }

  /**
   * What else is said of a step.
   *
   * @param optional a request that never reaches it can still be good
   * @param outsideLatency its time is not part of the latency promise
   */
  public record Traits(boolean optional, boolean outsideLatency) {
    public static final Traits USUAL = new Traits(false, false);
  }

  /**
   * Whether a span of this step failed: its status, an HTTP status of 500 or more, an {@code
   * error.type} (OpenTelemetry semantic conventions), or a configured sign.
   */
  boolean failed(Span span) {
    if (span.error()) {
      return true;
    }
    Map<String, String> attributes = span.attributes();
    if (attributes.containsKey("error.type") || SERVER_ERROR.passes(attributes)) {
      return true;
    }
    return any(failWhen, attributes);
  }

  boolean ignored(Span span) {
    return any(ignoreWhen, span.attributes());
  }

  private static final AttributeTest SERVER_ERROR =
      new AttributeTest.Within("http.response.status_code", 500, Double.POSITIVE_INFINITY);

  private static boolean any(List<AttributeTest> tests, Map<String, String> attributes) {
    for (AttributeTest test : tests) {
      if (test.passes(attributes)) {
        return true;
      }
    }
    return false;
  }
}
