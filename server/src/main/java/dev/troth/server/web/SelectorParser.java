package dev.troth.server.web;

import dev.troth.server.web.Selector.Any;
import dev.troth.server.web.Selector.Complex;
import dev.troth.server.web.Selector.Link;
import dev.troth.server.web.Selector.Operator;
import dev.troth.server.web.Selector.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads CSS selectors; what it does not know it refuses by name. */
final class SelectorParser {
  private static final Pattern STEPS =
      Pattern.compile("([+-]?\\d{0,4})n(?:\\s*([+-])\\s*(\\d{1,4}))?|([+-]?\\d{1,5})");
  private static final Map<Character, Operator> OPERATORS =
      Map.of(
          '=', Operator.EQUAL,
          '~', Operator.WORD,
          '|', Operator.DASH,
          '^', Operator.BEGINS,
          '$', Operator.ENDS,
          '*', Operator.CONTAINS);

  private final String text;
  private int place;

  private SelectorParser(String text) {
    this.text = text;
  }

  /** The selector that a text is. */
  static Any parse(String text) {
    SelectorParser parser = new SelectorParser(text);
    Any any = parser.any(false);
    if (parser.place < text.length()) {
      throw parser.wrong("the end");
    }
    return any;
  }

  private IllegalArgumentException wrong(String expected) {
    String found = place < text.length() ? "'" + text.substring(place) + "'" : "the end";
    return new IllegalArgumentException(
        "at character %d, expected %s, found %s".formatted(place + 1, expected, found));
  }

  private char peek() {
    return place < text.length() ? text.charAt(place) : '\0';
  }

  private boolean take(char c) {
    if (peek() != c || place == text.length()) {
      return false;
    }
    place++;
    return true;
  }

  private void need(char c) {
    if (!take(c)) {
      throw wrong("'" + c + "'");
    }
  }

  private boolean blanks() {
    int from = place;
    while (" \t\n\f\r".indexOf(peek()) >= 0 && place < text.length()) {
      place++;
    }
    return place > from;
  }

  private Any any(boolean relative) {
    List<Complex> choices = new ArrayList<>();
    do {
      choices.add(complex(relative));
    } while (take(','));
    return new Any(choices);
  }

  private Complex complex(boolean relative) {
    List<Link> links = new ArrayList<>();
    blanks();
    Relation relation = Relation.DESCENDANT;
    if (relative && ">+~".indexOf(peek()) >= 0) {
      relation = relation();
    }
    while (true) {
      blanks();
      links.add(new Link(relation, compound()));
      boolean apart = blanks();
      char next = peek();
      if (place == text.length() || next == ',' || next == ')') {
        return new Complex(links);
      }
      if (">+~".indexOf(next) >= 0) {
        relation = relation();
      } else if (apart) {
        relation = Relation.DESCENDANT;
      } else {
        throw wrong("a combinator, a comma or the end");
      }
    }
  }

  private Relation relation() {
    return switch (text.charAt(place++)) {
      case '>' -> Relation.CHILD;
      case '+' -> Relation.NEXT;
      default -> Relation.LATER;
    };
  }

  private List<Selector> compound() {
    List<Selector> tests = new ArrayList<>();
    boolean every = take('*');
    if (!every && isNameStart()) {
      tests.add(new Selector.Tag(name().toLowerCase(Locale.ROOT)));
    }
    while (true) {
      if (take('#')) {
        tests.add(new Selector.Attribute("id", Operator.EQUAL, name(), false));
      } else if (take('.')) {
        tests.add(new Selector.Attribute("class", Operator.WORD, name(), false));
      } else if (take('[')) {
        tests.add(attribute());
      } else if (take(':')) {
        tests.add(pseudo());
      } else if (tests.isEmpty() && !every) {
        throw wrong("an element, '#', '.', '[' or ':'");
      } else {
        return tests;
      }
    }
  }

  private boolean isNameStart() {
    char c = peek();
    return Character.isLetter(c) || c == '_' || c == '-' || c == '\\' || c > 0x7f;
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    while (place < text.length()) {
      char c = text.charAt(place);
      if (c == '\\') {
        place++;
        escaped(name);
      } else if (Character.isLetterOrDigit(c) || c == '_' || c == '-' || c > 0x7f) {
        name.append(c);
        place++;
      } else {
        break;
      }
    }
    if (name.isEmpty()) {
      throw wrong("a name");
    }
    return name.toString();
  }

  private void escaped(StringBuilder into) {
    int from = place;
    while (place < text.length() && place < from + 6 && Character.digit(peek(), 16) >= 0) {
      place++;
    }
    if (place == from) {
      if (place == text.length()) {
        throw wrong("a character behind '\\'");
      }
      into.append(text.charAt(place++));
      return;
    }
    int code = Integer.parseInt(text, from, place, 16);
    boolean none = code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000);
    into.appendCodePoint(none ? 0xFFFD : code);
    take(' ');
  }

  private Selector attribute() {
    blanks();
    String name = name().toLowerCase(Locale.ROOT);
    blanks();
    if (take(']')) {
      return new Selector.Attribute(name, Operator.PRESENT, "", false);
    }
    Operator operator = OPERATORS.get(peek());
    if (operator == null) {
      throw wrong("']' or one of = ~= |= ^= $= *=");
    }
    place++;
    if (operator != Operator.EQUAL) {
      need('=');
    }
    blanks();
    String value = peek() == '"' || peek() == '\'' ? quoted() : name();
    blanks();
    boolean ignoreCase = take('i') || take('I');
    blanks();
    need(']');
    return new Selector.Attribute(name, operator, value, ignoreCase);
  }

  private String quoted() {
    char quote = text.charAt(place++);
    StringBuilder value = new StringBuilder();
    while (!take(quote)) {
      if (place == text.length()) {
        throw wrong("a closing " + quote);
      }
      if (take('\\')) {
        escaped(value);
      } else {
        value.append(text.charAt(place++));
      }
    }
    return value.toString();
  }

  private Selector pseudo() {
    int from = place;
    String name = name().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "first-child" -> new Selector.Nth(0, 1, false, false);
      case "last-child" -> new Selector.Nth(0, 1, false, true);
      case "first-of-type" -> new Selector.Nth(0, 1, true, false);
      case "last-of-type" -> new Selector.Nth(0, 1, true, true);
      case "only-child" -> only(false);
      case "only-of-type" -> only(true);
      case "nth-child" -> nth(false, false);
      case "nth-last-child" -> nth(false, true);
      case "nth-of-type" -> nth(true, false);
      case "nth-last-of-type" -> nth(true, true);
      case "root" -> new Selector.Root();
      case "empty" -> new Selector.Empty();
      case "not" -> new Selector.Is(inside(false), true);
      case "is", "where" -> new Selector.Is(inside(false), false);
      case "has" -> new Selector.Has(inside(true));
      default -> {
        place = from;
        throw wrong(
            "first-child, last-child, only-child, nth-child(), their -of-type, root, empty, not(),"
                + " is() or has()");
      }
    };
  }

  private Any inside(boolean relative) {
    need('(');
    Any any = any(relative);
    need(')');
    return any;
  }

  /** The first and the last, which only one element is. */
  private static Selector only(boolean ofType) {
    Link both =
        new Link(
            Relation.DESCENDANT,
            List.of(new Selector.Nth(0, 1, ofType, false), new Selector.Nth(0, 1, ofType, true)));
    return new Selector.Is(new Any(List.of(new Complex(List.of(both)))), false);
  }

  private Selector nth(boolean ofType, boolean fromEnd) {
    need('(');
    int end = text.indexOf(')', place);
    String steps = end < 0 ? "" : text.substring(place, end).strip().toLowerCase(Locale.ROOT);
    Matcher matcher =
        STEPS.matcher(steps.equals("odd") ? "2n+1" : steps.equals("even") ? "2n" : steps);
    if (!matcher.matches()) {
      throw wrong("a place such as 2, odd or 3n+1");
    }
    place = end + 1;
    if (matcher.group(4) != null) {
      return new Selector.Nth(0, Integer.parseInt(matcher.group(4)), ofType, fromEnd);
    }
    String step = matcher.group(1);
    int every =
        step.isEmpty() || step.equals("+") ? 1 : step.equals("-") ? -1 : Integer.parseInt(step);
    int offset = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return new Selector.Nth(
        every, "-".equals(matcher.group(2)) ? -offset : offset, ofType, fromEnd);
  }
}
