package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The formats that generated code checks, each as a regular expression of any language. */
final class Formats {
  static final List<Format> KNOWN =
      List.of(
          Format.DATE,
          Format.TIME,
          Format.DATE_TIME,
          Format.DURATION,
          Format.UUID,
          Format.IPV4,
          Format.JSON_POINTER,
          Format.RELATIVE_JSON_POINTER);

  private static final String LEAP_YEAR =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
          + "|02-(?:0[1-9]|1[0-9]|2[0-8]))|"
          + LEAP_YEAR
          + "-02-29)";
  private static final String OFFSET = "[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?(?:[Zz]|" + OFFSET + ")";
  private static final String POINTER = "(?:/[^~]*(?:~[01][^~]*)*)?";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  private Formats() {}

  /** What a text of the format matches as a whole, without anchors. */
  static Optional<String> of(Format format) {
    return switch (format) {
      case DATE -> Optional.of(DATE);
      case TIME -> Optional.of(TIME);
      case DATE_TIME -> Optional.of(DATE + "[Tt]" + TIME);
      case DURATION ->
          Optional.of("P(?:[0-9]+W|%1$s(?:T%2$s)?|T%2$s)".formatted(units("YMD"), units("HMS")));
      case JSON_POINTER -> Optional.of(POINTER);
      case RELATIVE_JSON_POINTER -> Optional.of("(?:0|[1-9][0-9]*)(?:#|" + POINTER + ")");
      case UUID -> Optional.of("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
      case IPV4 -> Optional.of(BYTE + "(?:\\." + BYTE + "){3}");
      default -> Optional.empty();
    };
  }

  /** Numbers with units that follow each other without gaps: {@code 1Y2M} but not {@code 1Y2D}. */
  private static String units(String units) {
    List<String> beginnings = new ArrayList<>();
    String rest = "";
    for (int i = units.length() - 1; i >= 0; i--) {
      rest = "[0-9]+" + units.charAt(i) + (rest.isEmpty() ? "" : "(?:" + rest + ")?");
      beginnings.add(rest);
    }
    return "(?:" + String.join("|", beginnings.reversed()) + ")";
  }

  /** Whether a second 60 may stand there, which must be the last of a UTC day (RFC 3339 §5.7). */
  static boolean mayLeap(Format format) {
    return format == Format.TIME || format == Format.DATE_TIME;
  }

  /** A line for each format, from its name and its expression in quotes. */
  static String lines(String template, UnaryOperator<String> name) {
    return KNOWN.stream()
        .map(format ->
            template.formatted(
                name.apply(format.toString()), Template.quote(of(format).orElseThrow())))
        .collect(Collectors.joining());
  }
}
