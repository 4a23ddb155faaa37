package dev.troth.slo.chain;

import dev.troth.slo.chain.Span.Ids;
import dev.troth.slo.chain.Span.Interval;

/**
 * A span of a request, reduced to what a verdict needs; {@code step} -1 is of no step.
 *
 * @param group of an entry, the group of its request; else empty
 */
record Seen(Ids ids, Interval time, int step, Signs signs, double weight, String group) {
  /** What its step's rules say of it. */
  record Signs(boolean failed, boolean ignored) {
    static final Signs NONE = new Signs(false, false);
  }

  /** {@code ids} are the span's, with a trace id that all spans of the trace share. */
  static Seen of(Ids ids, Span span, Chain chain) {
    for (int i = 0; i < chain.steps().size(); i++) {
      Step step = chain.steps().get(i);
      if (step.match().matches(span)) {
        Signs signs = new Signs(step.failed(span), step.ignored(span));
        String group =
            i > 0 ? "" : chain.grouping().map(by -> by.groupOf(span.attributes())).orElse("");
        return new Seen(ids, span.time(), i, signs, span.weight(), group);
      }
    }
    return new Seen(ids, span.time(), -1, Signs.NONE, span.weight(), "");
  }
}
