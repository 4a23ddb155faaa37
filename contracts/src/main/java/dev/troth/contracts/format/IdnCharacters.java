package dev.troth.contracts.format;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/** Which characters a label may have, and in which company (RFC 5892). */
final class IdnCharacters {
  private static final int ZWNJ = 0x200c;
  private static final int ZWJ = 0x200d;

  // RFC 5892 §2.6.
  private static final int[] ALLOWED = {0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007};
  private static final int[] REFUSED = {
    0x640, 0x7fa, 0x302e, 0x302f, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303b
  };

  /** Viramas: canonical combining class 9 (Unicode 16). */
  private static final int[] VIRAMAS = {
    0x94d, 0x9cd, 0xa4d, 0xacd, 0xb4d, 0xbcd, 0xc4d, 0xccd, 0xd3b, 0xd3c, 0xd4d, 0xdca, 0xe3a,
    0xeba, 0xf84, 0x1039, 0x103a, 0x1714, 0x1715, 0x1734, 0x17d2, 0x1a60, 0x1b44, 0x1baa, 0x1bab,
    0x1bf2, 0x1bf3, 0x2d7f, 0xa806, 0xa82c, 0xa8c4, 0xa953, 0xa9c0, 0xaaf6, 0xabed
  };

  /** Letters of Arabic and Syriac that join to the right only. */
  private static final int[] RIGHT_JOINING = {
    0x622, 0x625, 0x627, 0x627, 0x629, 0x629, 0x62f, 0x632, 0x648, 0x648, 0x671, 0x673, 0x675,
    0x677, 0x688, 0x699, 0x6c0, 0x6c0, 0x6c3, 0x6cb, 0x6cd, 0x6cd, 0x6cf, 0x6cf, 0x6d2, 0x6d3,
    0x6d5, 0x6d5, 0x6ee, 0x6ef, 0x710, 0x710, 0x715, 0x719, 0x71e, 0x71e, 0x728, 0x728, 0x72a,
    0x72a, 0x72c, 0x72c, 0x72f, 0x72f, 0x74d, 0x74d, 0x759, 0x75b, 0x76b, 0x76c, 0x771, 0x771,
    0x773, 0x774, 0x778, 0x779
  };

  private IdnCharacters() {}

  /** Whether the character at {@code i} may stand there. */
  static boolean isAllowed(int[] text, int i) {
    int c = text[i];
    return switch (c) {
      case 0xb7 -> i > 0 && i + 1 < text.length && text[i - 1] == 'l' && text[i + 1] == 'l';
      case 0x375 -> i + 1 < text.length && UnicodeScript.of(text[i + 1]) == UnicodeScript.GREEK;
      case 0x5f3, 0x5f4 -> i > 0 && UnicodeScript.of(text[i - 1]) == UnicodeScript.HEBREW;
      case 0x30fb -> Arrays.stream(text).anyMatch(IdnCharacters::isJapanese);
      case ZWJ -> i > 0 && isVirama(text[i - 1]);
      case ZWNJ -> (i > 0 && isVirama(text[i - 1])) || breaksJoining(text, i);
      default -> {
        if (c >= 0x660 && c <= 0x669) {
          yield Arrays.stream(text).noneMatch(d -> d >= 0x6f0 && d <= 0x6f9);
        }
        if (c >= 0x6f0 && c <= 0x6f9) {
          yield Arrays.stream(text).noneMatch(d -> d >= 0x660 && d <= 0x669);
        }
        yield isValid(c);
      }
    };
  }

  private static boolean isJapanese(int c) {
    UnicodeScript script = UnicodeScript.of(c);
    return c != 0x30fb
        && (script == UnicodeScript.HIRAGANA
            || script == UnicodeScript.KATAKANA
            || script == UnicodeScript.HAN);
  }

  /** The derived property PVALID (RFC 5892 §3). */
  private static boolean isValid(int c) {
    if (contains(ALLOWED, c)) {
      return true;
    }
    if (contains(REFUSED, c) || !Character.isDefined(c) || isOldHangul(c)) {
      return false;
    }
    if (c < 128) {
      return c == '-' || Ascii.isDigit(c) || (c >= 'a' && c <= 'z');
    }
    String one = Character.toString(c);
    String folded =
        Normalizer.normalize(
            Normalizer.normalize(one, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT),
            Normalizer.Form.NFKC);
    boolean symbolMark = (c >= 0x20d0 && c <= 0x20ff) || (c >= 0x1d100 && c <= 0x1d24f);
    return one.equals(folded)
        && !Character.isIdentifierIgnorable(c)
        && !symbolMark
        && isLetterOrDigit(c);
  }

  private static boolean isLetterOrDigit(int c) {
    return switch (Character.getType(c)) {
      case Character.LOWERCASE_LETTER,
          Character.UPPERCASE_LETTER,
          Character.OTHER_LETTER,
          Character.MODIFIER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isOldHangul(int c) {
    return (c >= 0x1100 && c <= 0x11ff)
        || (c >= 0xa960 && c <= 0xa97c)
        || (c >= 0xd7b0 && c <= 0xd7fb);
  }

  private static boolean isVirama(int c) {
    return contains(VIRAMAS, c);
  }

  /** RFC 5892 appendix A.1: the non-joiner stands between letters that would join. */
  private static boolean breaksJoining(int[] text, int i) {
    int before = i - 1;
    while (before >= 0 && isTransparent(text[before])) {
      before--;
    }
    int after = i + 1;
    while (after < text.length && isTransparent(text[after])) {
      after++;
    }
    return before >= 0
        && after < text.length
        && joinsLeft(text[before])
        && (joinsLeft(text[after]) || joinsRightOnly(text[after]));
  }

  private static boolean isTransparent(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || (type == Character.FORMAT && c != ZWNJ && c != ZWJ);
  }

  private static boolean joinsLeft(int c) {
    UnicodeScript script = UnicodeScript.of(c);
    boolean cursive =
        script == UnicodeScript.ARABIC
            || script == UnicodeScript.SYRIAC
            || script == UnicodeScript.NKO
            || script == UnicodeScript.MONGOLIAN
            || script == UnicodeScript.PHAGS_PA;
    return cursive && Character.isLetter(c) && c != 0x621 && c != 0x674 && !joinsRightOnly(c);
  }

  private static boolean joinsRightOnly(int c) {
    for (int i = 0; i < RIGHT_JOINING.length; i += 2) {
      if (c >= RIGHT_JOINING[i] && c <= RIGHT_JOINING[i + 1]) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(int[] sorted, int c) {
    return Arrays.binarySearch(sorted, c) >= 0;
  }
}
