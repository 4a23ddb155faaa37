package dev.troth.watch.row;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Names of tables and rows within subjects: different ones stay different. */
final class RowKey {
  private static final int LONGEST = 300;

  private RowKey() {}

  /** The values of a key, in the order of its columns. */
  static String of(List<String> values) {
    String key = values.stream().map(RowKey::escaped).collect(Collectors.joining("/"));
    return key.length() <= LONGEST ? key : key.substring(0, LONGEST) + "~" + print(key);
  }

  /** Without what a subject cannot have, and what would make two keys alike. */
  static String escaped(String text) {
    if (text.isEmpty()) {
      return "%";
    }
    if (text.equals(".") || text.equals("..")) {
      // In an address they would lead elsewhere.
      return text.replace(".", "%2E");
    }
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(character -> {
          boolean plain =
              character != '%'
                  && character != '/'
                  && character != '*'
                  && character != '~'
                  && !Character.isISOControl(character)
                  && character != 0x2028
                  && character != 0x2029;
          if (plain) {
            escaped.appendCodePoint(character);
          } else {
            for (byte one : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
              escaped.append("%%%02X".formatted(one));
            }
          }
        });
    return escaped.toString();
  }

  /** The beginning of a text's SHA-256. */
  static String print(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
