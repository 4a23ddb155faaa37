package dev.troth.slo.math;

import dev.troth.slo.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into tokens; any text has some. */
final class Lexer {
  private static final List<String> TWO = List.of("==", "!=", "<=", ">=", "&&", "||");
  private static final String ONE = "+-*/^<>()[],";

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** The tokens, the last of kind {@code END}. */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    List<Token> tokens = new ArrayList<>();
    do {
      tokens.add(lexer.next());
    } while (tokens.getLast().kind() != Kind.END);
    return tokens;
  }

  private Token next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return new Token(Kind.END, "", at + 1);
    }
    int start = at;
    char first = text.charAt(at);
    if (isDigit(first)
        || (first == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      number();
      return token(Kind.NUMBER, start);
    }
    if (isLetter(first)) {
      while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
        at++;
      }
      return token(Kind.NAME, start);
    }
    if (first == '"' || first == '\'') {
      return quoted(first);
    }
    for (String sign : TWO) {
      if (text.startsWith(sign, at)) {
        at += 2;
        return token(Kind.SIGN, start);
      }
    }
    at++;
    return token(ONE.indexOf(first) >= 0 ? Kind.SIGN : Kind.WRONG, start);
  }

  private void number() {
    digits();
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && "eE".indexOf(text.charAt(at)) >= 0) {
      int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 1 : 0;
      if (at + 1 + sign < text.length() && isDigit(text.charAt(at + 1 + sign))) {
        at += 1 + sign;
        digits();
      }
    }
  }

  private void digits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private Token quoted(char quote) {
    int start = at;
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      at = text.length();
      return token(Kind.WRONG, start);
    }
    at = end + 1;
    return new Token(Kind.TEXT, text.substring(start + 1, end), start + 1);
  }

  private Token token(Kind kind, int start) {
    return new Token(kind, text.substring(start, at), start + 1);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
