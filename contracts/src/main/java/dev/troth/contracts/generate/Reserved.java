package dev.troth.contracts.generate;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** Words that generated code may not take as names. */
final class Reserved {
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
          Absent Any BigDecimal BigInteger Boolean Check Class ClassVar Collections Decimal Decode
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

  private Reserved() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  private static Set<String> both(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return Collections.unmodifiableSet(all);
  }
}
