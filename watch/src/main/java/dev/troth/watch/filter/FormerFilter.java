package dev.troth.watch.filter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns a filter of the former spelling ({@code price < 10 and not name = 'tea'}) into CEL ({@code
 * price < 10 && !(name == "tea")}). It serves the data folders of the time before the first
 * release, and goes with it.
 */
public final class FormerFilter {
  private static final int LONGEST = 2_000;
  private static final int DEEPEST = 50;

  private static final Pattern WORD =
      Pattern.compile(
          "\\s*(?:(?<number>[-+]?\\d{1,40}(?:\\.\\d{1,40})?(?:[eE][-+]?\\d{1,3})?)(?![\\w.])"
              + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_-]*(?:\\.[\\p{L}\\p{N}_-]+)*)"
              + "|'(?<single>[^']*)'|\"(?<twice>[^\"]*)\""
              + "|(?<sign>[<>!=]=|[<>=(),]))\\s*");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> WORDS = Set.of("true", "false", "null", "in");
  private static final Set<String> ROOTS =
      Set.of(FilterEnvironment.BEFORE, FilterEnvironment.AFTER, FilterEnvironment.CHANGE);

  private final List<Word> words;
  private int next;
  private int depth;

  private FormerFilter(List<Word> words) {
    this.words = words;
  }

  private enum Kind {
    NUMBER,
    WORD,
    TEXT,
    SIGN,
    END
  }

  private record Word(Kind kind, String text) {}

  /** The text is no filter of the former spelling. */
  private static final class OtherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherException() {
      super("not a filter of the former spelling", null, false, false);
    }
  }

  /** The same filter in CEL; empty if the text is no filter of the former spelling. */
  public static Optional<String> inCel(String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      FormerFilter filter = new FormerFilter(words(text));
      String cel = filter.or();
      return filter.peek().kind == Kind.END ? Optional.of(cel) : Optional.empty();
    } catch (OtherException other) {
      return Optional.empty();
    }
  }

  /** Whether a name of a filter has a dash, so that CEL would take it for a difference. */
  static boolean hasDash(String text) {
    return words(text).stream()
        .anyMatch(word -> word.kind == Kind.WORD && word.text.indexOf('-') > 0);
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    for (int at = 0; at < text.length(); at = matcher.end()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new OtherException();
      }
      words.add(word(matcher));
    }
    words.add(new Word(Kind.END, ""));
    return words;
  }

  private static Word word(Matcher matcher) {
    if (matcher.group("number") != null) {
      return new Word(Kind.NUMBER, matcher.group("number"));
    }
    if (matcher.group("word") != null) {
      return new Word(Kind.WORD, matcher.group("word"));
    }
    if (matcher.group("sign") != null) {
      return new Word(Kind.SIGN, matcher.group("sign"));
    }
    String single = matcher.group("single");
    return new Word(Kind.TEXT, single == null ? matcher.group("twice") : single);
  }

  private String or() {
    List<String> parts = new ArrayList<>(List.of(and()));
    while (takeWord("or")) {
      parts.add(and());
    }
    return String.join(" || ", parts);
  }

  private String and() {
    List<String> parts = new ArrayList<>(List.of(not()));
    while (takeWord("and")) {
      parts.add(not());
    }
    return String.join(" && ", parts);
  }

  private String not() {
    if (++depth > DEEPEST) {
      throw new OtherException();
    }
    try {
      if (takeWord("not")) {
        boolean enclosed = peek().text.equals("(") || isChanged();
        String inner = not();
        return enclosed ? "!" + inner : "!(" + inner + ")";
      }
      if (take("(")) {
        String inner = or();
        require(")");
        return "(" + inner + ")";
      }
      return comparison();
    } finally {
      depth--;
    }
  }

  private boolean isChanged() {
    return peek().text.equals(FilterEnvironment.CHANGED) && words.get(next + 1).text.equals("(");
  }

  private String comparison() {
    boolean changed = isChanged();
    String field = word();
    if (changed) {
      return "changed(" + list(() -> fieldAfter(word())) + ")";
    }
    if (takeWord("in")) {
      return field(field) + " in [" + list(this::value) + "]";
    }
    String operator = take().text;
    return switch (operator) {
      case "=", "==" -> field(field) + " == " + value();
      case "!=" -> field(field) + " != " + value();
      case "<", "<=", ">", ">=" -> {
        String value = value();
        // Nothing was ever below true.
        yield value.equals("true") || value.equals("false")
            ? "false"
            : field(field) + " " + operator + " " + value;
      }
      case "contains" -> field(field) + ".contains(" + value() + ")";
      default -> throw new OtherException();
    };
  }

  private String list(Supplier<String> item) {
    require("(");
    List<String> items = new ArrayList<>();
    do {
      items.add(item.get());
    } while (take(","));
    require(")");
    return String.join(", ", items);
  }

  private String value() {
    Word word = take();
    return switch (word.kind) {
      case NUMBER -> number(word.text);
      case TEXT -> quoted(word.text);
      case WORD -> {
        if (!Set.of("true", "false", "null").contains(word.text)) {
          throw new OtherException();
        }
        yield word.text;
      }
      case SIGN, END -> throw new OtherException();
    };
  }

  private static String number(String text) {
    String plain = text.startsWith("+") ? text.substring(1) : text;
    return new BigDecimal(plain).signum() == 0 ? "0" : plain;
  }

  /** A field of either moment, or the change's own word. */
  private static String field(String path) {
    boolean own = path.equals("change.type") || path.equals("change.actor");
    if (own) {
      return path;
    }
    String before = FilterEnvironment.BEFORE + ".";
    return path.startsWith(before)
        ? FilterEnvironment.BEFORE + steps(path.substring(before.length()), false)
        : fieldAfter(path);
  }

  private static String fieldAfter(String path) {
    String first = path.substring(0, path.indexOf('.') < 0 ? path.length() : path.indexOf('.'));
    boolean bare =
        NAME.matcher(first).matches() && !WORDS.contains(first) && !ROOTS.contains(first);
    return bare ? steps(path, true) : FilterEnvironment.AFTER + steps(path, false);
  }

  /** Each name behind a dot, or in brackets if CEL has no such name. */
  private static String steps(String path, boolean first) {
    String steps =
        List.of(path.split("\\.", -1)).stream()
            .map(name ->
                NAME.matcher(name).matches() && !WORDS.contains(name)
                    ? "." + name
                    : "[" + quoted(name) + "]")
            .collect(Collectors.joining());
    return first ? steps.substring(1) : steps;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private Word peek() {
    return words.get(next);
  }

  private Word take() {
    Word word = peek();
    if (word.kind != Kind.END) {
      next++;
    }
    return word;
  }

  private String word() {
    if (peek().kind != Kind.WORD) {
      throw new OtherException();
    }
    return take().text;
  }

  private boolean takeWord(String word) {
    boolean found = peek().kind == Kind.WORD && peek().text.equals(word);
    next += found ? 1 : 0;
    return found;
  }

  private boolean take(String sign) {
    boolean found = peek().kind == Kind.SIGN && peek().text.equals(sign);
    next += found ? 1 : 0;
    return found;
  }

  private void require(String sign) {
    if (!take(sign)) {
      throw new OtherException();
    }
  }
}
