package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Patterns written for the regular expressions of other languages, with the same meaning: classes
 * are spelled out, and {@code $} is the end of the text and nothing else. It matches if it occurs
 * anywhere, as in a schema.
 */
public final class Portable {
  /** The largest count that every language takes; Go's is 1,000 for all of a nest. */
  private static final int MOST_REPEATS = 1_000;

  /** The largest count that is written as several. */
  private static final int MOST_PARTED = 20_000;

  /** Whose syntax. */
  public enum Syntax {
    JAVA("\\z", "\\x{%x}"),
    PYTHON("\\Z", "\\U%08x"),
    GO("\\z", "\\x{%x}");

    private static final String WORD = "[0-9A-Za-z_]";

    private final String end;
    private final String escape;

    Syntax(String end, String escape) {
      this.end = end;
      this.escape = escape;
    }

    /** Words are of ASCII in ECMA-262 and Go alone. */
    private String boundary(boolean negated) {
      if (this == GO) {
        return negated ? "\\B" : "\\b";
      }
      return negated
          ? "(?:(?<=%1$s)(?=%1$s)|(?<!%1$s)(?!%1$s))".formatted(WORD)
          : "(?:(?<=%1$s)(?!%1$s)|(?<!%1$s)(?=%1$s))".formatted(WORD);
    }
  }

  private final Syntax syntax;
  private final boolean possessive;
  private final StringBuilder out = new StringBuilder();
  private boolean portable = true;

  private Portable(Syntax syntax, boolean possessive) {
    this.syntax = syntax;
    this.possessive = possessive;
  }

  /** The pattern in that syntax; empty if it has look-around, back references or {@code \b}. */
  public static Optional<String> pattern(Regex regex, Syntax syntax) {
    return written(regex, new Portable(syntax, false));
  }

  /**
   * The same for a pattern whose unbounded repetitions never have to give back what they took: Java
   * then needs no stack for them, however long the text is.
   */
  public static Optional<String> withoutBacktracking(Regex regex, Syntax syntax) {
    return written(regex, new Portable(syntax, syntax == Syntax.JAVA));
  }

  private static Optional<String> written(Regex regex, Portable writer) {
    writer.write(regex.tree(), 1);
    return writer.portable ? Optional.of(writer.out.toString()) : Optional.empty();
  }

  private void write(Node node, long repeats) {
    switch (node) {
      case Node.Chars(CodePoints set) -> chars(set);
      case Node.Seq(List<Node> parts) -> parts.forEach(part -> part(part, repeats));
      case Node.Alt(List<Node> branches) -> {
        for (int i = 0; i < branches.size(); i++) {
          out.append(i == 0 ? "" : "|");
          write(branches.get(i), repeats);
        }
      }
      case Node.Repeat repeat -> repeat(repeat, repeats);
      case Node.Group(Node inside, _) -> group(inside, repeats);
      case Node.Start _ -> out.append("\\A");
      case Node.End _ -> out.append(syntax.end);
      case Node.Boundary(boolean negated) -> out.append(syntax.boundary(negated));
      case Node.Back _, Node.Look _ -> portable = false;
    }
  }

  private void part(Node node, long repeats) {
    if (node instanceof Node.Alt) {
      group(node, repeats);
    } else {
      write(node, repeats);
    }
  }

  private void group(Node inside, long repeats) {
    out.append("(?:");
    write(inside, repeats);
    out.append(')');
  }

  private void repeat(Node.Repeat repeat, long around) {
    boolean unbounded = repeat.max() == Node.Repeat.UNBOUNDED;
    if (around == 1 && (unbounded ? repeat.min() : repeat.max()) > MOST_REPEATS) {
      parted(repeat, unbounded);
      return;
    }
    long most = around * Math.max(1, unbounded ? repeat.min() : repeat.max());
    if (most > MOST_REPEATS) {
      portable = false;
      return;
    }
    if (repeat.node() instanceof Node.Chars(CodePoints set)) {
      chars(set);
    } else {
      group(repeat.node() instanceof Node.Group(Node inside, _) ? inside : repeat.node(), most);
    }
    String count = repeat.min() + "," + (unbounded ? "" : repeat.max());
    out.append(
        switch (count) {
          case "0," -> "*";
          case "1," -> "+";
          case "0,1" -> "?";
          default -> repeat.min() == repeat.max() ? "{" + repeat.min() + "}" : "{" + count + "}";
        });
    if (possessive && unbounded && !(repeat.node() instanceof Node.Chars)) {
      out.append('+');
    }
  }

  /** A count above the limit as several below it, one after the other. */
  private void parted(Node.Repeat repeat, boolean unbounded) {
    int min = repeat.min();
    int more = unbounded ? 0 : repeat.max() - repeat.min();
    if (min + (long) more > MOST_PARTED) {
      portable = false;
      return;
    }
    for (; min > MOST_REPEATS; min -= MOST_REPEATS) {
      repeat(new Node.Repeat(repeat.node(), MOST_REPEATS, MOST_REPEATS, true), 1);
    }
    for (; more > MOST_REPEATS; more -= MOST_REPEATS) {
      repeat(new Node.Repeat(repeat.node(), 0, MOST_REPEATS, true), 1);
    }
    int most = unbounded ? Node.Repeat.UNBOUNDED : min + more;
    if (most > MOST_REPEATS && !unbounded) {
      repeat(new Node.Repeat(repeat.node(), min, min, true), 1);
      repeat(new Node.Repeat(repeat.node(), 0, more, true), 1);
    } else {
      repeat(new Node.Repeat(repeat.node(), min, most, true), 1);
    }
  }

  private void chars(CodePoints set) {
    if (set.ranges() == 1 && set.first(0) == set.last(0)) {
      out.append(character(set.first(0)));
      return;
    }
    boolean negated = set.contains(Character.MAX_CODE_POINT);
    CodePoints written = negated ? set.negate() : set;
    if (written.ranges() == 0) {
      // Every character, or none.
      out.append(negated ? all() : "[^" + all().substring(1));
      return;
    }
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < written.ranges(); i++) {
      int first = written.first(i);
      int last = written.last(i);
      ranges.add(
          first == last
              ? character(first)
              : character(first) + (last == first + 1 ? "" : "-") + character(last));
    }
    out.append(negated ? "[^" : "[").append(String.join("", ranges)).append(']');
  }

  private String all() {
    return "[" + escape(0) + "-" + escape(Character.MAX_CODE_POINT) + "]";
  }

  private String character(int codePoint) {
    boolean plain =
        codePoint < 0x80
            && (Character.isLetterOrDigit(codePoint) || " _:;,@/%='!".indexOf(codePoint) >= 0);
    if (plain) {
      return Character.toString(codePoint);
    }
    return codePoint > ' ' && codePoint < 0x7f && ".-+*?()[]{}|^$\\".indexOf(codePoint) >= 0
        ? "\\" + (char) codePoint
        : escape(codePoint);
  }

  private String escape(int codePoint) {
    return syntax.escape.formatted(codePoint);
  }
}
