package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pattern of ECMA-262 (2024 edition, §22.2.1) in Unicode mode. Schemas in the wild escape
 * more punctuation than that mode allows and leave braces bare, so these two are let through.
 */
final class RegexParser {
  private static final int DEEPEST = 200;

  private final String source;
  private final int[] text;
  private final Map<String, Integer> names = new HashMap<>();
  private final List<PendingName> pendingNames = new ArrayList<>();
  private int at;
  private int groups;
  private int highestBack;
  private int depth;

  private record PendingName(String name, int at, int slot) {}

  RegexParser(String source) {
    this.source = source;
    this.text = source.codePoints().toArray();
  }

  /** The tree and the number of capturing groups. */
  record Parsed(Node node, int groups) {}

  Parsed parse() throws RegexException {
    Node node = alternatives();
    if (at < text.length) {
      throw wrong("a ')' without its '('");
    }
    if (highestBack > groups) {
      throw wrong("\\%d names a group, but there are %d".formatted(highestBack, groups));
    }
    for (PendingName pending : pendingNames) {
      if (!names.containsKey(pending.name())) {
        throw new RegexException(
            source, pending.at(), "no group is named '" + pending.name() + "'");
      }
    }
    return new Parsed(pendingNames.isEmpty() ? node : bindNames(node), groups);
  }

  private Node alternatives() throws RegexException {
    if (++depth > DEEPEST) {
      throw wrong("groups nest deeper than %d levels".formatted(DEEPEST));
    }
    List<Node> branches = new ArrayList<>();
    do {
      branches.add(sequence());
    } while (take('|'));
    depth--;
    return branches.size() == 1 ? branches.getFirst() : new Node.Alt(branches);
  }

  private Node sequence() throws RegexException {
    List<Node> parts = new ArrayList<>();
    while (at < text.length && text[at] != '|' && text[at] != ')') {
      parts.add(quantified(term()));
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.Seq(parts);
  }

  private Node term() throws RegexException {
    int c = text[at++];
    return switch (c) {
      case '^' -> new Node.Start();
      case '$' -> new Node.End();
      case '.' -> new Node.Chars(CharacterClasses.DOT);
      case '(' -> group();
      case '[' -> new Node.Chars(new ClassParser().set());
      case '\\' -> escape();
      case '*', '+', '?' -> {
        at--;
        throw wrong("nothing to repeat before '" + (char) c + "'");
      }
      default -> new Node.Chars(CodePoints.of(c));
    };
  }

  private Node quantified(Node node) throws RegexException {
    int start = at;
    int min;
    int max = Node.Repeat.UNBOUNDED;
    if (take('*')) {
      min = 0;
    } else if (take('+')) {
      min = 1;
    } else if (take('?')) {
      min = 0;
      max = 1;
    } else if (take('{')) {
      min = number();
      if (min >= 0) {
        max = take(',') ? (at < text.length && text[at] == '}' ? max : number()) : min;
      }
      if (min < 0 || max < 0 || !take('}')) {
        // Not a quantifier: the brace stands for itself.
        at = start;
        return node;
      }
      if (max < min) {
        throw wrong("{%d,%d} has its bounds in the wrong order".formatted(min, max));
      }
    } else {
      return node;
    }
    boolean greedy = !take('?');
    if (at < text.length && (text[at] == '*' || text[at] == '+' || text[at] == '?')) {
      throw wrong("nothing to repeat before '" + (char) text[at] + "'");
    }
    return new Node.Repeat(node, min, max, greedy);
  }

  /** A decimal number, or -1 if there is none; large ones are cut to 2^30. */
  private int number() {
    int value = -1;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      value = (int) Math.min(Math.max(value, 0) * 10L + (text[at++] - '0'), 1 << 30);
    }
    return value;
  }

  private Node group() throws RegexException {
    if (take("?:")) {
      return closed(alternatives());
    }
    if (take("?=")) {
      return new Node.Look(closed(alternatives()), true, false);
    }
    if (take("?!")) {
      return new Node.Look(closed(alternatives()), true, true);
    }
    if (take("?<=")) {
      return new Node.Look(closed(alternatives()), false, false);
    }
    if (take("?<!")) {
      return new Node.Look(closed(alternatives()), false, true);
    }
    int index = ++groups;
    if (take("?<")) {
      String name = name();
      if (names.put(name, index) != null) {
        throw wrong("two groups are named '" + name + "'");
      }
    } else if (at < text.length && text[at] == '?') {
      throw wrong("unknown kind of group, expected one of (?: (?= (?! (?<= (?<! (?<name>");
    }
    return new Node.Group(closed(alternatives()), index);
  }

  private Node closed(Node node) throws RegexException {
    if (!take(')')) {
      throw wrong("a '(' without its ')'");
    }
    return node;
  }

  private String name() throws RegexException {
    StringBuilder name = new StringBuilder();
    while (at < text.length && text[at] != '>') {
      int c = text[at++];
      boolean fits =
          c == '$'
              || c == '_'
              || (name.isEmpty()
                  ? Character.isUnicodeIdentifierStart(c)
                  : Character.isUnicodeIdentifierPart(c));
      if (!fits) {
        throw wrong("a group name may not contain '" + Character.toString(c) + "'");
      }
      name.appendCodePoint(c);
    }
    if (name.isEmpty() || !take('>')) {
      throw wrong("expected a group name and '>'");
    }
    return name.toString();
  }

  private Node escape() throws RegexException {
    if (at >= text.length) {
      throw wrong("a '\\' at the end");
    }
    int c = text[at];
    if (c >= '1' && c <= '9') {
      int group = number();
      highestBack = Math.max(highestBack, group);
      return new Node.Back(group);
    }
    switch (c) {
      case 'b', 'B' -> {
        at++;
        return new Node.Boundary(c == 'B');
      }
      case 'k' -> {
        at++;
        if (!take('<')) {
          throw wrong("expected '<' and a group name after \\k");
        }
        int start = at;
        pendingNames.add(new PendingName(name(), start, -1 - pendingNames.size()));
        return new Node.Back(pendingNames.getLast().slot());
      }
      default -> {
        return new Node.Chars(classEscape());
      }
    }
  }

  /** A named back-reference may precede its group, so names are bound at the end. */
  private Node bindNames(Node node) {
    return switch (node) {
      case Node.Back(int group) when group < 0 -> {
        String name = pendingNames.get(-1 - group).name();
        yield new Node.Back(names.getOrDefault(name, 0));
      }
      case Node.Seq(var parts) -> new Node.Seq(parts.stream().map(this::bindNames).toList());
      case Node.Alt(var branches) -> new Node.Alt(branches.stream().map(this::bindNames).toList());
      case Node.Repeat(Node inner, int min, int max, boolean greedy) ->
          new Node.Repeat(bindNames(inner), min, max, greedy);
      case Node.Group(Node inner, int index) -> new Node.Group(bindNames(inner), index);
      case Node.Look(Node inner, boolean ahead, boolean negated) ->
          new Node.Look(bindNames(inner), ahead, negated);
      case Node.Back _, Node.Chars _, Node.Start _, Node.End _, Node.Boundary _ -> node;
    };
  }

  /** What an escape means that stands for characters; the backslash is read already. */
  private CodePoints classEscape() throws RegexException {
    int c = text[at++];
    return switch (c) {
      case 'd' -> CharacterClasses.DIGIT;
      case 'D' -> CharacterClasses.DIGIT.negate();
      case 's' -> CharacterClasses.SPACE;
      case 'S' -> CharacterClasses.SPACE.negate();
      case 'w' -> CharacterClasses.WORD;
      case 'W' -> CharacterClasses.WORD.negate();
      case 'p' -> property();
      case 'P' -> property().negate();
      case 't' -> CodePoints.of('\t');
      case 'n' -> CodePoints.of('\n');
      case 'v' -> CodePoints.of(0x0b);
      case 'f' -> CodePoints.of('\f');
      case 'r' -> CodePoints.of('\r');
      case 'c' -> control();
      case 'x' -> CodePoints.of(hex(2));
      case 'u' -> CodePoints.of(unicode());
      case '0' -> {
        if (at < text.length && text[at] >= '0' && text[at] <= '9') {
          throw wrong("octal escapes are not allowed");
        }
        yield CodePoints.of(0);
      }
      default -> {
        if (c < 128 && Character.isLetterOrDigit(c)) {
          at--;
          throw wrong("unknown escape '\\" + (char) c + "'");
        }
        yield CodePoints.of(c);
      }
    };
  }

  private CodePoints control() throws RegexException {
    if (at < text.length && text[at] < 128 && Character.isLetter(text[at])) {
      return CodePoints.of(text[at++] % 32);
    }
    throw wrong("expected a letter after \\c");
  }

  private CodePoints property() throws RegexException {
    int start = at;
    if (!take('{')) {
      throw wrong("expected '{' after \\p");
    }
    while (at < text.length && text[at] != '}') {
      at++;
    }
    if (at >= text.length) {
      throw wrong("a '{' without its '}'");
    }
    String expression = new String(text, start + 1, at++ - start - 1);
    return CharacterClasses.property(expression)
        .orElseThrow(() ->
            new RegexException(source, start, "unknown Unicode property '" + expression + "'"));
  }

  private int unicode() throws RegexException {
    if (take('{')) {
      int value = 0;
      int start = at;
      while (at < text.length && Character.digit(text[at], 16) >= 0) {
        value = Math.min(value * 16 + Character.digit(text[at++], 16), 0x110000);
      }
      if (at == start || value > Character.MAX_CODE_POINT || !take('}')) {
        throw wrong("expected a code point to 10ffff and '}' after \\u{");
      }
      return value;
    }
    int unit = hex(4);
    if (Character.isHighSurrogate((char) unit) && take("\\u")) {
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
      at -= 6;
    }
    return unit;
  }

  private int hex(int digits) throws RegexException {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length ? Character.digit(text[at], 16) : -1;
      if (digit < 0) {
        throw wrong("expected %d hexadecimal digits".formatted(digits));
      }
      at++;
      value = value * 16 + digit;
    }
    return value;
  }

  private boolean take(int c) {
    if (at < text.length && text[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean take(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= text.length || text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }

  private RegexException wrong(String reason) {
    return new RegexException(source, at, reason);
  }

  /** Reads {@code [...]} after its bracket. */
  private final class ClassParser {
    CodePoints set() throws RegexException {
      boolean negated = take('^');
      List<CodePoints> parts = new ArrayList<>();
      while (!take(']')) {
        if (at >= text.length) {
          throw wrong("a '[' without its ']'");
        }
        CodePoints first = atom();
        boolean range = at + 1 < text.length && text[at] == '-' && text[at + 1] != ']';
        if (range && isSingle(first)) {
          at++;
          CodePoints last = atom();
          if (!isSingle(last)) {
            parts.add(last);
            parts.add(CodePoints.of('-'));
          } else if (last.first(0) < first.first(0)) {
            throw wrong("a range with its ends in the wrong order");
          } else {
            first = CodePoints.range(first.first(0), last.first(0));
          }
        }
        parts.add(first);
      }
      CodePoints set = CodePoints.union(parts);
      return negated ? set.negate() : set;
    }

    private boolean isSingle(CodePoints set) {
      return set.ranges() == 1 && set.first(0) == set.last(0);
    }

    private CodePoints atom() throws RegexException {
      int c = text[at++];
      if (c != '\\') {
        return CodePoints.of(c);
      }
      if (at >= text.length) {
        throw wrong("a '\\' at the end");
      }
      return take('b') ? CodePoints.of('\b') : classEscape();
    }
  }
}
