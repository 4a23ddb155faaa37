package dev.troth.contracts.format;

/** The rule for labels of names with right-to-left characters (RFC 5893 §2). */
final class BidiRule {
  private BidiRule() {}

  static boolean isRightToLeft(String label) {
    return label
        .codePoints()
        .map(Character::getDirectionality)
        .anyMatch(d ->
            d == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
                || d == Character.DIRECTIONALITY_ARABIC_NUMBER);
  }

  static boolean holds(String label) {
    int[] text = label.codePoints().toArray();
    return switch (Character.getDirectionality(text[0])) {
      case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> leftToRight(text);
      case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
          rightToLeft(text);
      default -> false;
    };
  }

  private static boolean leftToRight(int[] text) {
    for (int c : text) {
      byte d = Character.getDirectionality(c);
      if (d != Character.DIRECTIONALITY_LEFT_TO_RIGHT
          && d != Character.DIRECTIONALITY_EUROPEAN_NUMBER
          && !isNeutral(d)) {
        return false;
      }
    }
    byte last = lastStrong(text);
    return last == Character.DIRECTIONALITY_LEFT_TO_RIGHT
        || last == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
  }

  private static boolean rightToLeft(int[] text) {
    boolean european = false;
    boolean arabic = false;
    for (int c : text) {
      byte d = Character.getDirectionality(c);
      european |= d == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
      arabic |= d == Character.DIRECTIONALITY_ARABIC_NUMBER;
      if (!isRightToLeftOrNumber(d) && !isNeutral(d)) {
        return false;
      }
    }
    return isRightToLeftOrNumber(lastStrong(text)) && !(european && arabic);
  }

  private static boolean isRightToLeftOrNumber(byte d) {
    return d == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
        || d == Character.DIRECTIONALITY_ARABIC_NUMBER
        || d == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
  }

  private static boolean isNeutral(byte d) {
    return d == Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR
        || d == Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR
        || d == Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR
        || d == Character.DIRECTIONALITY_OTHER_NEUTRALS
        || d == Character.DIRECTIONALITY_BOUNDARY_NEUTRAL
        || d == Character.DIRECTIONALITY_NONSPACING_MARK;
  }

  private static byte lastStrong(int[] text) {
    int at = text.length - 1;
    while (at > 0
        && Character.getDirectionality(text[at]) == Character.DIRECTIONALITY_NONSPACING_MARK) {
      at--;
    }
    return Character.getDirectionality(text[at]);
  }
}
