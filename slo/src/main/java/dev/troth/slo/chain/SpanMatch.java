package dev.troth.slo.chain;

import dev.troth.slo.chain.Span.SpanKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which spans are of a step: all that is said must hold.
 *
 * @param name a glob in which {@code *} stands for any text
 */
public record SpanMatch(
    Optional<String> service,
    Optional<Pattern> name,
    Optional<SpanKind> kind,
    List<AttributeTest> attributes) {
  public SpanMatch {
    attributes = List.copyOf(attributes);
    if (service.isEmpty() && name.isEmpty() && kind.isEmpty() && attributes.isEmpty()) {
      throw new IllegalArgumentException(
          "match is empty, expected at least one of service, name, kind and attributes");
    }
  }

  /** A pattern of a glob. */
  public static Pattern glob(String text) {
    StringBuilder pattern = new StringBuilder();
    for (String literal : text.split("\\*", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL);
  }

  /** Whether the span is of the step. */
  public boolean matches(Span span) {
    Span.Place place = span.place();
    if (service.isPresent() && !service.get().equals(place.service())) {
      return false;
    }
    if (kind.isPresent() && kind.get() != place.kind()) {
      return false;
    }
    if (name.isPresent() && !name.get().matcher(place.name()).matches()) {
      return false;
    }
    for (AttributeTest test : attributes) {
      if (!test.passes(span.attributes())) {
        return false;
      }
    }
    return true;
  }
}
