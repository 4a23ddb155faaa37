package dev.troth.contracts.format;

/** Classes of ASCII bytes; a byte of a longer UTF-8 sequence is negative and in none of them. */
final class Ascii {
  private Ascii() {}

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isHex(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  static boolean isAlphanumeric(int c) {
    return isLetter(c) || isDigit(c);
  }
}
