package dev.troth.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word of a rule. */
record Token(Kind kind, String text, int at) {
  enum Kind {
    NAME,
    INT,
    REAL,
    TEXT,
    SYMBOL,
    END
  }

  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

  private static final List<String> SYMBOLS =
      List.of(
          "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(",
          ")", "[", "]", ".", ",");

  static List<Token> all(String source) throws SyntaxException {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      Token token = one(source, at, c);
      tokens.add(token);
      at += token.kind == Kind.TEXT ? textLength(source, at) : token.text.length();
    }
    tokens.add(new Token(Kind.END, "", source.length()));
    return tokens;
  }

  private static Token one(String source, int at, char c) throws SyntaxException {
    if (c == '"' || c == '\'') {
      return new Token(Kind.TEXT, text(source, at), at);
    }
    if (Character.isDigit(c)) {
      return number(source, at);
    }
    if (isName(c, true)) {
      int end = at;
      while (end < source.length() && isName(source.charAt(end), false)) {
        end++;
      }
      return new Token(Kind.NAME, source.substring(at, end), at);
    }
    for (String symbol : SYMBOLS) {
      if (source.startsWith(symbol, at)) {
        return new Token(Kind.SYMBOL, symbol, at);
      }
    }
    throw new SyntaxException(source, at, "unexpected '" + c + "'");
  }

  private static boolean isName(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }

  private static Token number(String source, int at) throws SyntaxException {
    Matcher matcher = NUMBER.matcher(source);
    matcher.region(at, source.length());
    if (!matcher.lookingAt()) {
      throw new SyntaxException(source, at, "expected a number");
    }
    boolean real = matcher.group(1) != null || matcher.group(2) != null;
    return new Token(real ? Kind.REAL : Kind.INT, matcher.group(), at);
  }

  private static int textLength(String source, int at) {
    int end = at + 1;
    while (source.charAt(end) != source.charAt(at)) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    return end + 1 - at;
  }

  private static char unicode(String source, int at) throws SyntaxException {
    try {
      return (char) Integer.parseInt(source.substring(at, at + 4), 16);
    } catch (NumberFormatException e) {
      throw new SyntaxException(source, at, "expected four hexadecimal digits");
    }
  }

  private static String text(String source, int at) throws SyntaxException {
    StringBuilder text = new StringBuilder();
    char quote = source.charAt(at);
    int i = at + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      char c = source.charAt(i++);
      if (c == '\\' && i < source.length()) {
        char escaped = source.charAt(i++);
        int known = "nrt\\'\"`?".indexOf(escaped);
        if (escaped == 'u' && i + 4 <= source.length()) {
          text.append(unicode(source, i));
          i += 4;
        } else if (known < 0) {
          throw new SyntaxException(source, i - 2, "unknown escape '\\" + escaped + "'");
        } else {
          text.append("\n\r\t\\'\"`?".charAt(known));
        }
      } else {
        text.append(c);
      }
    }
    if (i >= source.length()) {
      throw new SyntaxException(source, at, "a text without its closing quote");
    }
    return text.toString();
  }
}
