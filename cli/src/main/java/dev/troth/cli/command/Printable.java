package dev.troth.cli.command;

/** Text of others as a terminal may have it. */
public final class Printable {
  private Printable() {}

  /** One line: what would steer a terminal, end the line or turn its text is spelt out. */
  public static String line(String line) {
    StringBuilder out = new StringBuilder();
    line.codePoints()
        .forEach(character -> {
          switch (Character.getType(character)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.SURROGATE ->
                out.append(
                    character > Character.MAX_VALUE
                        ? "\\U%08x".formatted(character)
                        : "\\u%04x".formatted(character));
            default -> out.appendCodePoint(character);
          }
        });
    return out.toString();
  }

  /** Several lines, each as {@link #line} has it. */
  public static String lines(String text) {
    return String.join("\n", text.lines().map(Printable::line).toList());
  }
}
