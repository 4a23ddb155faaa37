package dev.troth.watch.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One word, number, quoted text or sign of a filter, with its place. */
record FormerToken(Kind kind, String text, int at) {
  private static final Pattern NEXT =
      Pattern.compile(
          "\\s*(?:(?<number>[-+]?\\d{1,40}(?:\\.\\d{1,40})?(?:[eE][-+]?\\d{1,3})?)(?![\\w.])"
              + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_-]*(?:\\.[\\p{L}\\p{N}_-]+)*)"
              + "|'(?<single>[^']*)'|\"(?<twice>[^\"]*)\""
              + "|(?<sign>[<>!=]=|[<>=(),]))");
  private static final Pattern BLANK = Pattern.compile("\\s*");

  enum Kind {
    WORD,
    NUMBER,
    TEXT,
    SIGN,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  static List<FormerToken> all(String text) {
    List<FormerToken> tokens = new ArrayList<>();
    Matcher matcher = NEXT.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        int start = skipBlank(text, at);
        throw new FilterException("wrong at " + start);
      }
      tokens.add(token(matcher));
      at = skipBlank(text, matcher.end());
    }
    tokens.add(new FormerToken(Kind.END, "", text.length()));
    return List.copyOf(tokens);
  }

  private static int skipBlank(String text, int at) {
    Matcher blank = BLANK.matcher(text).region(at, text.length());
    return blank.lookingAt() ? blank.end() : at;
  }

  private static FormerToken token(Matcher matcher) {
    for (Group group : Group.values()) {
      String found = matcher.group(group.name);
      if (found != null) {
        return new FormerToken(group.kind, found, matcher.start(group.name));
      }
    }
    throw new AssertionError("a match has one of its groups");
  }

  private enum Group {
    NUMBER("number", Kind.NUMBER),
    WORD("word", Kind.WORD),
    SINGLE("single", Kind.TEXT),
    TWICE("twice", Kind.TEXT),
    SIGN("sign", Kind.SIGN);

    private final String name;
    private final Kind kind;

    Group(String name, Kind kind) {
      this.name = name;
      this.kind = kind;
    }
  }
}
