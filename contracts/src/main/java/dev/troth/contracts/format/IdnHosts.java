package dev.troth.contracts.format;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * Internationalised host names: labels of RFC 5890 to 5893 (IDNA2008), separated by any of the four
 * full stops of RFC 3490 §3.1.
 */
final class IdnHosts {
  private IdnHosts() {}

  static boolean hostname(String name) {
    return check(name, true);
  }

  /** As in an e-mail address, where a label need not be in Unicode's normal form C. */
  static boolean mailDomain(String name) {
    return check(name, false);
  }

  private static boolean check(String name, boolean normalised) {
    String[] labels = name.split("[.\u3002\uff0e\uff61]", -1);
    boolean bidi = false;
    int length = labels.length - 1;
    for (int i = 0; i < labels.length; i++) {
      Optional<String> label = unicodeLabel(labels[i], normalised);
      if (label.isEmpty()) {
        return false;
      }
      length += encodedLength(label.get());
      labels[i] = label.get();
      bidi |= BidiRule.isRightToLeft(label.get());
    }
    if (length > Hosts.LONGEST_NAME) {
      return false;
    }
    for (String label : labels) {
      if (bidi && !BidiRule.holds(label)) {
        return false;
      }
    }
    return true;
  }

  /** A label in Unicode, decoded if need be; empty if it is not valid. */
  private static Optional<String> unicodeLabel(String label, boolean normalised) {
    if (label.toLowerCase(Locale.ROOT).startsWith("xn--")) {
      return decoded(label);
    }
    // Upper-case ASCII is mapped before a lookup (RFC 5895 §2).
    String lower = isAscii(label) ? label.toLowerCase(Locale.ROOT) : label;
    boolean nfc = !normalised || Normalizer.isNormalized(lower, Normalizer.Form.NFC);
    boolean fits = encodedLength(lower) <= Hosts.LONGEST_LABEL;
    return nfc && fits && isLabel(lower) ? Optional.of(lower) : Optional.empty();
  }

  private static Optional<String> decoded(String label) {
    String code = label.substring(4);
    return Punycode.decode(code)
        .filter(text -> !isAscii(text) && label.length() <= Hosts.LONGEST_LABEL)
        .filter(text -> Punycode.encode(text).equalsIgnoreCase(code))
        .filter(text -> Normalizer.isNormalized(text, Normalizer.Form.NFC))
        .filter(IdnHosts::isLabel);
  }

  /** Whether a label that begins with {@code xn--} is valid. */
  static boolean asciiLabel(String label) {
    return decoded(label)
        .filter(text -> !BidiRule.isRightToLeft(text) || BidiRule.holds(text))
        .isPresent();
  }

  private static int encodedLength(String label) {
    return isAscii(label) ? label.length() : 4 + Punycode.encode(label).length();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  /** RFC 5891 §4.2.3. */
  private static boolean isLabel(String label) {
    if (label.isEmpty()
        || label.startsWith("-")
        || label.endsWith("-")
        || (label.length() >= 4 && label.startsWith("--", 2))) {
      return false;
    }
    int[] text = label.codePoints().toArray();
    int type = Character.getType(text[0]);
    if (type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (!IdnCharacters.isAllowed(text, i)) {
        return false;
      }
    }
    return true;
  }
}
