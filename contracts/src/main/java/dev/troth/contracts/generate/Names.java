package dev.troth.contracts.generate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Gives out names that are legal and free in one scope. */
final class Names {
  private final UnaryOperator<String> key;
  private final Set<String> reserved = new HashSet<>();
  private final Set<String> taken;

  private Names(Set<String> reserved, UnaryOperator<String> key) {
    this.key = key;
    reserved.forEach(word -> this.reserved.add(key.apply(word)));
    taken = new HashSet<>(this.reserved);
  }

  /** A scope in which those words may not be used. */
  Names(Set<String> reserved) {
    this(reserved, UnaryOperator.identity());
  }

  /** A scope of names that become files: some file systems do not tell capitals apart. */
  static Names ofFiles(Set<String> reserved) {
    return new Names(reserved, name -> name.toLowerCase(Locale.ROOT));
  }

  /** What is taken so far, to be given to {@link #reset}. */
  Set<String> taken() {
    return Set.copyOf(taken);
  }

  /** Frees what was taken since. */
  void reset(Set<String> before) {
    taken.retainAll(before);
  }

  /** That name; with an underscore after it if it is reserved, with a number if it is taken. */
  String free(String wanted) {
    String name = reserved.contains(key.apply(wanted)) ? wanted + "_" : wanted;
    for (int i = 2; !taken.add(key.apply(name)); i++) {
      name = wanted + (Character.isDigit(wanted.charAt(wanted.length() - 1)) ? "_" : "") + i;
    }
    return name;
  }

  /** {@code PaymentMethod}. */
  static String upperCamel(String text) {
    StringBuilder out = new StringBuilder();
    for (String word : words(text)) {
      out.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return letterFirst(out.toString(), "X");
  }

  /** {@code paymentMethod}. */
  static String lowerCamel(String text) {
    String name = upperCamel(text);
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  /** {@code payment_method}. */
  static String snake(String text) {
    return letterFirst(String.join("_", words(text)).toLowerCase(Locale.ROOT), "x_");
  }

  /** {@code PAYMENT_METHOD}. */
  static String constant(String text) {
    return letterFirst(String.join("_", words(text)).toUpperCase(Locale.ROOT), "X_");
  }

  private static String letterFirst(String name, String prefix) {
    return name.isEmpty() || Character.isDigit(name.charAt(0)) ? prefix + name : name;
  }

  /** Runs of ASCII letters and digits, also parted where a capital follows a small letter. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char before = ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean inWord = c < 0x80 && Character.isLetterOrDigit(c);
      boolean begins = Character.isUpperCase(c) && !Character.isUpperCase(before);
      if ((!inWord || begins) && !word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
      if (inWord) {
        word.append(c);
      }
      before = c;
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  /** Words that generated code may not take as names. */
  static final class Reserved {
    static final Set<String> JAVA_KEYWORDS =
        words(
            """
            abstract assert boolean break byte case catch char class const continue default do double
            else enum extends final finally float for goto if implements import instanceof int
            interface long native new package private protected public return short static strictfp
            super switch synchronized this throw throws transient try void volatile while true false
            null _ yield record var sealed permits when
            """);

    static final Set<String> GO_KEYWORDS =
        words(
            """
            break case chan const continue default defer else fallthrough for func go goto if import
            interface map package range return select struct switch type var _ main
            """);

    /** Types that generated code or a language uses itself, in any of the languages. */
    static final Set<String> TYPES =
        words(
            """
            Absent Any OfText OfNumber OfInteger OfBoolean OfList OfMembers Date DateTime LocalDate OffsetDateTime OffsetTime Time UUID URI NewDateTime WrittenDateTime BigDecimal BigInteger Boolean Check Class ClassVar Collections Decimal Decode
            Enum Exception False Fields Final Integer InvalidError InvalidJson InvalidJsonException
            Iterable Json JsonParser LinkedHashMap List Literal Long Map Mapping Math None Number
            Object Objects Optional Override Pattern Record Regexp Rules Self String True Union Validator
            Void
            """);

    /** Also methods that a component would clash with, and names that the code uses beside them. */
    static final Set<String> JAVA =
        both(
            JAVA_KEYWORDS,
            words(
                """
                clone finalize getClass hashCode notify notifyAll toString wait equals fromJson toJson
                decode encode json fields members value v u n n0 n1 n2 v1 v2 v3 at1 at2 at3 item1
                item2 item3
                """));

    /** Keywords and built-in names of Python, and names that a field would clash with. */
    static final Set<String> PYTHON =
        words(
            """
            false none true and as assert async await break class continue def del elif else except
            finally for from global if import in is lambda nonlocal not or pass raise return try while
            with yield match case self cls int str bool float list dict tuple set field decode encode
            from_json to_json re enum support dataclass value members property classmethod
            staticmethod
            """);

    /** Names that a field of a Go struct would clash with. */
    static final Set<String> GO = words("MarshalJSON UnmarshalJSON");

    private static Set<String> words(String text) {
      return Set.of(text.strip().split("\\s+"));
    }

    private static Set<String> both(Set<String> some, Set<String> others) {
      Set<String> all = new HashSet<>(some);
      all.addAll(others);
      return Collections.unmodifiableSet(all);
    }

    private Reserved() {}
  }
}
