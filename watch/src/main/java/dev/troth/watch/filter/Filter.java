package dev.troth.watch.filter;

import dev.troth.watch.change.Change;

/**
 * A condition on a change, kept with the text it was written as.
 *
 * <pre>{@code
 * Filter.parse("price < 10 and changed(price)").test(change)
 * }</pre>
 *
 * <p>Fields are those after the change, by name or dotted path; {@code before.price} is the value
 * before, {@code change.type} and {@code change.actor} are the change's own. An absent field is
 * {@code null}: it equals only {@code null}, and is neither below nor above anything.
 */
public record Filter(String text, Condition condition) {
  private static final Filter ANY = new Filter("", new Condition.Always());

  /** The filter that lets every change pass. */
  public static Filter any() {
    return ANY;
  }

  /**
   * Reads a filter; an empty text is {@link #any}.
   *
   * @throws FilterException naming the place and what was expected there
   */
  public static Filter parse(String text) {
    return text.isBlank() ? ANY : new Filter(text.strip(), FilterParser.parse(text.strip()));
  }

  public boolean isAny() {
    return condition instanceof Condition.Always;
  }

  public boolean test(Change change) {
    return condition.holds(change);
  }

  @Override
  public String toString() {
    return text;
  }
}
