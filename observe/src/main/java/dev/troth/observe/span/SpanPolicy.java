package dev.troth.observe.span;

import dev.troth.observe.exchange.Facts;
import java.util.Optional;

/** Which operations become spans, and how these look. Not thread-safe. */
public final class SpanPolicy {
  private final SpanWriter writer;
  private final Sampler sampler;
  private final SpanFilter filter;

  public SpanPolicy(SpanWriter writer, Sampler sampler, SpanFilter filter) {
    this.writer = writer;
    this.sampler = sampler;
    this.filter = filter;
  }

  public CapturedHeaders headers() {
    return writer.captured();
  }

  /** Whether the operation's trace is among those to tell of; metrics count the others too. */
  public boolean samples(Operation operation) {
    return sampler.samples(operation);
  }

  /** The span of an operation, or empty when the filter leaves it out. */
  public Optional<Span> span(Operation operation, long epochOffset) {
    String path =
        switch (operation.exchange().facts()) {
          case Facts.Http facts -> HttpAttributes.path(facts.target());
          case Facts.Rpc facts -> "/" + facts.service() + "/" + facts.method();
          case Facts.Database facts -> "";
          case Facts.Messaging facts -> "";
          case Facts.Dns facts -> "";
        };
    if (!filter.includes(operation.connection(), path)) {
      return Optional.empty();
    }
    return Optional.of(writer.write(operation, epochOffset));
  }
}
