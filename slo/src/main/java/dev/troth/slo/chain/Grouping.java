package dev.troth.slo.chain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Map;

/**
 * By what the requests of a chain are also counted: each value of an attribute of the entry's span
 * is a group.
 *
 * @param limit how many values have a group of their own; what comes later is {@link #OTHERS}
 * @param alertOn who alerts
 */
public record Grouping(String attribute, int limit, AlertOn alertOn) {
  /** The group of requests without the attribute, or whose attribute is empty. */
  public static final String NONE = "(none)";

  /** The group of all values beyond the limit. */
  public static final String OTHERS = "(others)";

  public static final int USUAL_LIMIT = 100;

  private static final int MOST = 1_000;

  /** A longer value is cut, and told from others like it by a digest. */
  private static final int LONGEST = 120;

  private static final int KEPT = 100;

  /** Before the digest of what is cut. */
  private static final char CUT = '…';

  /** How many bytes of it are shown. */
  private static final int DIGEST = 6;

  /** Who alerts. */
  public enum AlertOn {
    /** The objective as a whole alone. */
    TOTAL,
    /** Each group too, unless the objective as a whole does already. */
    GROUPS
  }

  public Grouping {
    if (attribute.isBlank()) {
      throw new IllegalArgumentException("attribute is empty, expected a name such as tenant");
    }
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException(
          "limit is %d, expected 1 to %d groups".formatted(limit, MOST));
    }
  }

  /** The group of a request whose entry has these attributes, were there no limit. */
  String groupOf(Map<String, String> attributes) {
    String value = attributes.get(attribute);
    return value == null || value.isEmpty() ? NONE : named(value);
  }

  /**
   * A value as the name of its group: in one line, visible, and like no name that means something
   * else. Different values have different names, and none looks like another but by letters that
   * look alike.
   */
  public static String named(String value) {
    StringBuilder name = new StringBuilder(Math.min(value.length(), LONGEST) + 8);
    // Marks that a letter of its own could stand for are written out: é has two forms.
    boolean composed =
        Normalizer.isNormalized(
            value.substring(0, Math.min(value.length(), 2 * LONGEST)), Normalizer.Form.NFC);
    int before = ' ';
    if (value.startsWith("(")) {
      name.append('\\');
    }
    for (int at = 0; at < value.length() && name.length() <= LONGEST; ) {
      int point = value.codePointAt(at);
      int next = at + Character.charCount(point);
      boolean misleads =
          isHidden(point)
              || (point == ' ' ? before == ' ' || next == value.length() : isSpace(point))
              || (!composed && isMark(point))
              || (point == CUT && isDigest(value, next));
      if (point == '\\') {
        name.append("\\\\");
      } else if (misleads) {
        for (char one : Character.toChars(point)) {
          name.append("\\u%04x".formatted((int) one));
        }
      } else {
        name.appendCodePoint(point);
      }
      at = next;
      before = point;
    }
    return name.length() <= LONGEST ? name.toString() : cut(name) + CUT + digest(value);
  }

  /** Whether a value ends as the name of one that is cut does. */
  private static boolean isDigest(String value, int from) {
    return value.length() - from == 2 * DIGEST
        && value.chars().skip(from).allMatch(one -> "0123456789abcdef".indexOf(one) >= 0);
  }

  /** Blanks that look like the usual one, or like nothing. */
  private static boolean isSpace(int point) {
    return Character.isSpaceChar(point)
        || switch (point) {
          case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
          default ->
              (point >= 0x180b && point <= 0x180f)
                  || (point >= 0xfe00 && point <= 0xfe0f)
                  || (point >= 0xe0100 && point <= 0xe01ef);
        };
  }

  private static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  private static String cut(StringBuilder name) {
    // Half of a pair is no character.
    int end = Character.isHighSurrogate(name.charAt(KEPT - 1)) ? KEPT - 1 : KEPT;
    return name.substring(0, end);
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** Tells names apart where they cannot be written. */
  public static String digest(String value) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_16BE));
      return HexFormat.of().formatHex(digest, 0, DIGEST);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
