package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.format.FormatGrammar;
import dev.troth.contracts.pattern.Portable;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that generated code checks, each by a regular expression of its language. */
final class Formats {
  private Formats() {}

  /** Whether generated code has a check for it. */
  static boolean isChecked(Format format) {
    return FormatGrammar.of(format).isPresent();
  }

  /** What generated code does not look at; empty if it answers as the validator does. */
  static Optional<String> unchecked(Format format) {
    return switch (format) {
      case HOSTNAME ->
          Optional.of("format 'hostname' is checked but for what labels in Punycode decode to");
      case IDN_EMAIL -> Optional.of("of format 'idn-email' only the @ is checked");
      case IDN_HOSTNAME, REGEX ->
          Optional.of("format '%s' is not checked by generated code".formatted(format));
      case DATE_TIME,
          DATE,
          TIME,
          DURATION,
          EMAIL,
          IPV4,
          IPV6,
          URI,
          URI_REFERENCE,
          IRI,
          IRI_REFERENCE,
          URI_TEMPLATE,
          UUID,
          JSON_POINTER,
          RELATIVE_JSON_POINTER ->
          Optional.empty();
    };
  }

  /** A line for each format, from its name and its expression in quotes. */
  static String lines(Collection<Format> formats, Portable.Syntax syntax, String template) {
    return formats.stream()
        .map(format -> template.formatted(format, Template.quote(expression(format, syntax))))
        .collect(Collectors.joining());
  }

  private static String expression(Format format, Portable.Syntax syntax) {
    return FormatGrammar.of(format)
        .flatMap(grammar -> Portable.withoutBacktracking(grammar.upper(), syntax))
        .orElseThrow();
  }
}
