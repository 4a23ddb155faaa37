package dev.troth.observe.span;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Role;
import java.util.List;

/**
 * A finished span.
 *
 * @param parent the parent's id, 0 for a root
 * @param start nanoseconds since 1970
 * @param end nanoseconds since 1970
 * @param failed whether its status is ERROR
 * @param labels what its duration is counted under
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
    List<Attribute> attributes,
    Labels labels) {

  public Span {
    attributes = List.copyOf(attributes);
  }

  /** The status that its protocol gave, or an empty text. */
  public String status() {
    for (Attribute attribute : attributes) {
      if (attribute.name().endsWith("status_code")) {
        return switch (attribute.value()) {
          case Attribute.Text(String text) -> text;
          case Attribute.Whole(long number) -> Long.toString(number);
          case Attribute.Texts(List<String> texts) -> String.join(",", texts);
        };
      }
    }
    return "";
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
