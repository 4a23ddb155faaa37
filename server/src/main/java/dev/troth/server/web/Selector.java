package dev.troth.server.web;

import java.util.List;
import java.util.Set;

/** A CSS selector (Selectors Level 4, without what depends on a user or a style). */
sealed interface Selector {
  /** Fits if one of several fits: {@code a, b}. */
  record Any(List<Complex> choices) {
    public Any {
      choices = List.copyOf(choices);
    }
  }

  /**
   * Compounds with what stands between them: {@code a > b}.
   *
   * @param links each says how its compound is related to the one before it; that of the first
   *     counts within {@code :has} alone
   */
  record Complex(List<Link> links) {
    public Complex {
      links = List.copyOf(links);
    }
  }

  /** A compound and its relation to the one on its left. */
  record Link(Relation relation, List<Selector> tests) {
    public Link {
      tests = List.copyOf(tests);
    }
  }

  /** How an element is related to the one on the left. */
  enum Relation {
    DESCENDANT,
    CHILD,
    NEXT,
    LATER
  }

  /** Of this name. */
  record Tag(String name) implements Selector {}

  /** With a value of an attribute. */
  record Attribute(String name, Operator operator, String value, boolean ignoreCase)
      implements Selector {
    /** Attributes whose values HTML compares without regard to case (HTML, § 4.16.2). */
    private static final Set<String> WITHOUT_CASE =
        Set.of(
            """
            accept accept-charset align alink axis bgcolor charset checked clear codetype color compact
            declare defer dir direction disabled enctype face frame hreflang http-equiv lang language
            link media method multiple nohref noresize noshade nowrap readonly rel rev rules scope
            scrolling selected shape target text type valign valuetype vlink\
            """
                .split("\\s+"));

    /**
     * Whether a value fits.
     *
     * @param inHtml whether the element is one of HTML
     */
    boolean fits(String found, boolean inHtml) {
      return ignoreCase || (inHtml && WITHOUT_CASE.contains(name))
          ? operator.fits(lower(found), lower(value))
          : operator.fits(found, value);
    }

    /** Only the letters of ASCII have a case here (Selectors Level 4, § 6.3). */
    private static String lower(String text) {
      StringBuilder lower = new StringBuilder(text);
      for (int i = 0; i < lower.length(); i++) {
        char c = lower.charAt(i);
        if (c >= 'A' && c <= 'Z') {
          lower.setCharAt(i, (char) (c + ('a' - 'A')));
        }
      }
      return lower.toString();
    }
  }

  /** How a value of an attribute is compared. */
  enum Operator {
    PRESENT,
    EQUAL,
    WORD,
    DASH,
    BEGINS,
    ENDS,
    CONTAINS;

    boolean fits(String found, String wanted) {
      return switch (this) {
        case PRESENT -> true;
        case EQUAL -> found.equals(wanted);
        case WORD -> !wanted.isEmpty() && List.of(found.split("[ \t\n\f\r]+")).contains(wanted);
        case DASH -> found.equals(wanted) || found.startsWith(wanted + "-");
        case BEGINS -> !wanted.isEmpty() && found.startsWith(wanted);
        case ENDS -> !wanted.isEmpty() && found.endsWith(wanted);
        case CONTAINS -> !wanted.isEmpty() && found.contains(wanted);
      };
    }
  }

  /**
   * At a place among its siblings: {@code :nth-child(2n+1)}.
   *
   * @param ofType only siblings of the same name count
   * @param fromEnd counted from the last one
   */
  record Nth(int step, int offset, boolean ofType, boolean fromEnd) implements Selector {
    boolean fits(int place) {
      int beyond = place - offset;
      return step == 0 ? beyond == 0 : beyond % step == 0 && beyond / step >= 0;
    }
  }

  /** The outermost element. */
  record Root() implements Selector {}

  /** Without text, were it a blank, and without elements; comments do not count. */
  record Empty() implements Selector {}

  /** One of these ({@code :is}), or none of them ({@code :not}). */
  record Is(Any choices, boolean not) implements Selector {}

  /** With a related element that fits. */
  record Has(Any choices) implements Selector {}
}
