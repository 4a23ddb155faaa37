package dev.troth.slo.chain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
   * else. Different values have different names.
   */
  public static String named(String value) {
    StringBuilder name = new StringBuilder(Math.min(value.length(), LONGEST) + 8);
    if (value.startsWith("(")) {
      name.append('\\');
    }
    for (int at = 0; at < value.length() && name.length() <= LONGEST; ) {
      int point = value.codePointAt(at);
      int next = at + Character.charCount(point);
      boolean isEdge = at == 0 || next == value.length();
      if (point == '\\') {
        name.append("\\\\");
      } else if (isHidden(point) || (isEdge && Character.isSpaceChar(point))) {
        for (char one : Character.toChars(point)) {
          name.append("\\u%04x".formatted((int) one));
        }
      } else {
        name.appendCodePoint(point);
      }
      at = next;
    }
    return name.length() <= LONGEST ? name.toString() : cut(name) + "…" + digest(value);
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
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
