package dev.troth.slo.math;

/** What an expression comes to. */
public enum Type {
  SCALAR("a scalar", "S"),
  SERIES("a time series", "TS"),
  ARRAY("an array of time series", "TS[]"),
  TEXT("a text", "text"),
  /** Nothing can be said, because a part is wrong or the service alone knows. */
  UNKNOWN("a value", "");

  private final String words;
  private final String symbol;

  Type(String words, String symbol) {
    this.words = words;
    this.symbol = symbol;
  }

  /** With its article, for messages. */
  public String words() {
    return words;
  }

  /** As the documentation and the table of functions abbreviate it. */
  String symbol() {
    return symbol;
  }
}
