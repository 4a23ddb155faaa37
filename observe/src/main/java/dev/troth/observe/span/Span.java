package dev.troth.observe.span;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.http.Role;
import java.util.List;

/**
 * A finished span.
 *
 * @param parent the parent's id, 0 for a root
 * @param start nanoseconds since 1970
 * @param end nanoseconds since 1970
 * @param failed whether its status is ERROR
 */
public record Span(
    Target target,
    Role role,
    long traceHigh,
    long traceLow,
    long id,
    long parent,
    String name,
    long start,
    long end,
    boolean failed,
    List<Attribute> attributes) {

  public Span {
    attributes = List.copyOf(attributes);
  }

  /** How long it took, in nanoseconds. */
  public long nanos() {
    return end - start;
  }

  /** The trace id as 32 hexadecimal digits. */
  public String traceId() {
    return "%016x%016x".formatted(traceHigh, traceLow);
  }
}
