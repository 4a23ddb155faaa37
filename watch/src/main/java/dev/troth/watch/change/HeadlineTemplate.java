package dev.troth.watch.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A sentence with places to fill in: <code>{name} is paging[: {after.because}]</code>. What stands
 * in brackets is left out when a value in it is empty. There is no logic besides, and what is
 * filled in is not read again.
 */
record HeadlineTemplate(List<Part> parts) {
  /** A stretch of a template. */
  private sealed interface Part {
    /** Words as they are. */
    record Words(String text) implements Part {}

    /** A place for a value. */
    record Place(String name) implements Part {}

    /** What is left out with an empty value. */
    record Optionally(HeadlineTemplate inner) implements Part {}
  }

  HeadlineTemplate {
    parts = List.copyOf(parts);
  }

  static HeadlineTemplate parse(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char first = text.charAt(at);
      char closing = first == '{' ? '}' : ']';
      if (first == '{' || first == '[') {
        int end = text.indexOf(closing, at);
        if (end < 0) {
          throw new IllegalArgumentException(
              "template '%s' has no '%s' after character %d".formatted(text, closing, at + 1));
        }
        String inner = text.substring(at + 1, end);
        parts.add(first == '{' ? new Part.Place(inner) : new Part.Optionally(parse(inner)));
        at = end + 1;
      } else {
        int end = at;
        while (end < text.length() && "{[".indexOf(text.charAt(end)) < 0) {
          end++;
        }
        parts.add(new Part.Words(text.substring(at, end)));
        at = end;
      }
    }
    return new HeadlineTemplate(parts);
  }

  /** The sentence with these values. */
  String fill(UnaryOperator<String> values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Words(String words) -> text.append(words);
        case Part.Place(String name) -> text.append(values.apply(name));
        case Part.Optionally(HeadlineTemplate inner) -> {
          if (inner.isFull(values)) {
            text.append(inner.fill(values));
          }
        }
      }
    }
    return text.toString();
  }

  private boolean isFull(UnaryOperator<String> values) {
    return parts.stream()
        .noneMatch(part -> part instanceof Part.Place(String name) && values.apply(name).isEmpty());
  }
}
