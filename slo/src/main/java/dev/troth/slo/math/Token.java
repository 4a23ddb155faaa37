package dev.troth.slo.math;

/**
 * One word or sign of an expression.
 *
 * @param text as written; of a text in quotes, what is between them
 * @param column where it begins, from 1
 */
record Token(Kind kind, String text, int column) {
  enum Kind {
    NUMBER,
    TEXT,
    NAME,
    SIGN,
    END,
    /** What no expression has: a strange character, or a text that does not end. */
    WRONG
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }
}
