package dev.troth.observe.sql;

/**
 * What is told of a command.
 *
 * @param operation its first word in capitals, as {@code SELECT}
 * @param collection the table that it is about, empty if there is none or several
 * @param text the command with a question mark for each literal, on one line, cut when it is long
 */
public record Statement(String operation, String collection, String text) {
  public static final Statement UNKNOWN = new Statement("", "", "");

  /** Reads a command; whatever the text is, no literal of it comes out. */
  public static Statement of(String sql) {
    return new Scanner(sql).statement();
  }
}
