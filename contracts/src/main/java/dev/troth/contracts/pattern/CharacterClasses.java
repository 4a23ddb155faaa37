package dev.troth.contracts.pattern;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The character classes of ECMA-262: {@code \d \s \w .} and {@code \p{...}}. */
final class CharacterClasses {
  static final CodePoints DIGIT = CodePoints.range('0', '9');
  static final CodePoints WORD =
      CodePoints.union(
          List.of(
              DIGIT, CodePoints.range('A', 'Z'), CodePoints.range('a', 'z'), CodePoints.of('_')));
  static final CodePoints LINE_END = CodePoints.of('\n', '\r', 0x2028, 0x2029);
  // ECMA-262 §12.2 and §12.3: white space and line terminators.
  static final CodePoints SPACE =
      CodePoints.union(
          List.of(
              CodePoints.range('\t', '\r'),
              CodePoints.of(' ', 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff),
              CodePoints.range(0x2000, 0x200a)));
  static final CodePoints DOT = LINE_END.negate();

  /** Long names of general categories (ECMA-262 table 70) and the short ones. */
  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("Letter", "L"),
          Map.entry("Cased_Letter", "LC"),
          Map.entry("Uppercase_Letter", "Lu"),
          Map.entry("Lowercase_Letter", "Ll"),
          Map.entry("Titlecase_Letter", "Lt"),
          Map.entry("Modifier_Letter", "Lm"),
          Map.entry("Other_Letter", "Lo"),
          Map.entry("Mark", "M"),
          Map.entry("Combining_Mark", "M"),
          Map.entry("Nonspacing_Mark", "Mn"),
          Map.entry("Spacing_Mark", "Mc"),
          Map.entry("Enclosing_Mark", "Me"),
          Map.entry("Number", "N"),
          Map.entry("Decimal_Number", "Nd"),
          Map.entry("digit", "Nd"),
          Map.entry("Letter_Number", "Nl"),
          Map.entry("Other_Number", "No"),
          Map.entry("Punctuation", "P"),
          Map.entry("punct", "P"),
          Map.entry("Connector_Punctuation", "Pc"),
          Map.entry("Dash_Punctuation", "Pd"),
          Map.entry("Open_Punctuation", "Ps"),
          Map.entry("Close_Punctuation", "Pe"),
          Map.entry("Initial_Punctuation", "Pi"),
          Map.entry("Final_Punctuation", "Pf"),
          Map.entry("Other_Punctuation", "Po"),
          Map.entry("Symbol", "S"),
          Map.entry("Math_Symbol", "Sm"),
          Map.entry("Currency_Symbol", "Sc"),
          Map.entry("Modifier_Symbol", "Sk"),
          Map.entry("Other_Symbol", "So"),
          Map.entry("Separator", "Z"),
          Map.entry("Space_Separator", "Zs"),
          Map.entry("Line_Separator", "Zl"),
          Map.entry("Paragraph_Separator", "Zp"),
          Map.entry("Other", "C"),
          Map.entry("Control", "Cc"),
          Map.entry("cntrl", "Cc"),
          Map.entry("Format", "Cf"),
          Map.entry("Surrogate", "Cs"),
          Map.entry("Private_Use", "Co"),
          Map.entry("Unassigned", "Cn"));

  /** The binary properties that the JDK knows. */
  private static final Map<String, IntPredicate> BINARY =
      Map.ofEntries(
          Map.entry("Any", _ -> true),
          Map.entry("ASCII", c -> c < 128),
          Map.entry("Assigned", Character::isDefined),
          Map.entry("Alphabetic", Character::isAlphabetic),
          Map.entry("Alpha", Character::isAlphabetic),
          Map.entry("Uppercase", Character::isUpperCase),
          Map.entry("Upper", Character::isUpperCase),
          Map.entry("Lowercase", Character::isLowerCase),
          Map.entry("Lower", Character::isLowerCase),
          Map.entry("White_Space", CharacterClasses::isWhiteSpace),
          Map.entry("space", CharacterClasses::isWhiteSpace),
          Map.entry("Ideographic", Character::isIdeographic),
          Map.entry("Ideo", Character::isIdeographic),
          Map.entry("ID_Start", Character::isUnicodeIdentifierStart),
          Map.entry("IDS", Character::isUnicodeIdentifierStart),
          Map.entry("ID_Continue", CharacterClasses::isIdContinue),
          Map.entry("IDC", CharacterClasses::isIdContinue),
          Map.entry("Emoji", Character::isEmoji),
          Map.entry("Emoji_Presentation", Character::isEmojiPresentation),
          Map.entry("EPres", Character::isEmojiPresentation),
          Map.entry("Emoji_Modifier", Character::isEmojiModifier),
          Map.entry("EMod", Character::isEmojiModifier),
          Map.entry("Emoji_Modifier_Base", Character::isEmojiModifierBase),
          Map.entry("EBase", Character::isEmojiModifierBase),
          Map.entry("Emoji_Component", Character::isEmojiComponent),
          Map.entry("EComp", Character::isEmojiComponent),
          Map.entry("Extended_Pictographic", Character::isExtendedPictographic),
          Map.entry("ExtPict", Character::isExtendedPictographic));

  private CharacterClasses() {}

  /** The set that {@code \p{expression}} names. */
  static Optional<CodePoints> property(String expression) {
    int equals = expression.indexOf('=');
    if (equals < 0) {
      IntPredicate binary = BINARY.get(expression);
      return binary != null ? Optional.of(CodePoints.where(binary)) : category(expression);
    }
    String value = expression.substring(equals + 1);
    return switch (expression.substring(0, equals)) {
      case "General_Category", "gc" -> category(value);
      case "Script", "sc", "Script_Extensions", "scx" -> script(value);
      default -> Optional.empty();
    };
  }

  private static Optional<CodePoints> category(String name) {
    String code = CATEGORIES.getOrDefault(name, name);
    if (!code.equals("LC") && !code.matches("[LMNPSZC][a-z]?")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          CodePoints.where(
              new CodePointTest(Pattern.compile("\\p{" + code + "}").asMatchPredicate())));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<CodePoints> script(String name) {
    if (name.isEmpty() || !Character.isUpperCase(name.charAt(0))) {
      return Optional.empty();
    }
    try {
      Character.UnicodeScript script =
          Character.UnicodeScript.forName(name.toUpperCase(Locale.ROOT));
      return Optional.of(CodePoints.where(c -> Character.UnicodeScript.of(c) == script));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isIdContinue(int c) {
    return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }

  private static boolean isWhiteSpace(int c) {
    return (SPACE.contains(c) && c != 0xfeff) || c == 0x85;
  }

  private record CodePointTest(Predicate<String> matches) implements IntPredicate {
    @Override
    public boolean test(int codePoint) {
      return matches.test(Character.toString(codePoint));
    }
  }
}
