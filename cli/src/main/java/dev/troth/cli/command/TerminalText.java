package dev.troth.cli.command;

/** What others wrote, as a terminal may have it. */
public final class TerminalText {
  private TerminalText() {}

  /** A line: what would steer the terminal, or turn its text, is spelt out. */
  public static String printable(String line) {
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
}
