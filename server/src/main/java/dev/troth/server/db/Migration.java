package dev.troth.server.db;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One step of the schema: {@code V<version>__<what>.sql}, as Flyway names them. */
record Migration(int version, String what, String sql) implements Comparable<Migration> {
  private static final Pattern NAME = Pattern.compile("V(\\d{1,9})__([a-z0-9_]+)\\.sql");

  static Migration of(String fileName, String sql) {
    Matcher matcher = NAME.matcher(fileName);
    if (!matcher.matches()) {
      throw new IllegalStateException(
          "migration " + fileName + ": expected a name like V101__tokens.sql");
    }
    return new Migration(Integer.parseInt(matcher.group(1)), matcher.group(2), sql);
  }

  /** SHA-256 of the text with line ends as LF, in hex. */
  String checksum() {
    try {
      byte[] text = sql.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public int compareTo(Migration other) {
    return Integer.compare(version, other.version);
  }

  @Override
  public String toString() {
    return "V" + version + "__" + what;
  }
}
