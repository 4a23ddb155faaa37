package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that generated code checks, each as a regular expression of any language. */
final class Formats {
  static final List<Format> KNOWN =
      List.of(Format.DATE, Format.DATE_TIME, Format.UUID, Format.IPV4);

  private static final String LEAP_YEAR =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
          + "|02-(?:0[1-9]|1[0-9]|2[0-8]))|"
          + LEAP_YEAR
          + "-02-29)";
  private static final String OFFSET = "[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  private Formats() {}

  /** What a text of the format matches as a whole, without anchors. */
  static Optional<String> of(Format format) {
    return switch (format) {
      case DATE -> Optional.of(DATE);
      case DATE_TIME -> Optional.of(DATE + "[Tt]" + time());
      case UUID -> Optional.of("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
      case IPV4 -> Optional.of(BYTE + "(?:\\." + BYTE + "){3}");
      default -> Optional.empty();
    };
  }

  /** A line for each format, from its name and its expression in quotes. */
  static String lines(String template) {
    return KNOWN.stream()
        .map(format ->
            template.formatted(
                Names.constant(format.toString()), Template.quote(of(format).orElseThrow())))
        .collect(Collectors.joining());
  }

  /** RFC 3339 §5.6; a leap second must be the last of a UTC day, so each offset has one minute. */
  private static String time() {
    String fraction = "(?:\\.[0-9]+)?";
    return "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        + fraction
        + "(?:[Zz]|"
        + OFFSET
        + ")|23:59:60"
        + fraction
        + "(?:[Zz]|[+-]00:00))";
  }
}
