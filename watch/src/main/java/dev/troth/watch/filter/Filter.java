package dev.troth.watch.filter;

import dev.troth.cel.EvaluationException;
import dev.troth.cel.Program;
import dev.troth.cel.SyntaxException;
import dev.troth.cel.Value;
import dev.troth.watch.change.Change;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a change in CEL, kept with the text it was written as.
 *
 * <pre>{@code
 * Filter.parse("price < 10 && changed(price)").test(change)
 * }</pre>
 *
 * <p>Fields are those after the change, by name or dotted path; {@code before.price} is the value
 * before, {@code change.type} and {@code change.actor} are the change's own. An absent field is
 * {@code null}: it equals only {@code null}, and is neither below nor above anything.
 */
public final class Filter {
  private static final int LONGEST = 2_000;

  /** Enough for a macro over a list of thousands; a filter that takes more does not decide. */
  private static final int MOST_STEPS = 20_000;

  private static final Filter ANY = new Filter("", null);

  private final String text;
  private final @Nullable Program program;

  private Filter(String text, @Nullable Program program) {
    this.text = text;
    this.program = program;
  }

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
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return ANY;
    }
    if (trimmed.length() > LONGEST) {
      throw new FilterException(
          "filter '%s…' has %,d characters, expected at most %,d"
              .formatted(trimmed.substring(0, 40), trimmed.length(), LONGEST));
    }
    Optional<String> former = FormerFilter.inCel(trimmed);
    if (former.isPresent() && FormerFilter.hasDash(trimmed)) {
      throw new FilterException(
          "filter '%s' has a minus within a name, expected %s, or blanks around the minus"
              .formatted(trimmed, former.get()));
    }
    try {
      return new Filter(trimmed, Program.of(trimmed, FilterEnvironment.FILTERS));
    } catch (SyntaxException wrong) {
      if (former.isPresent()) {
        throw former(trimmed, former.get());
      }
      throw new FilterException("filter " + wrong.problem());
    }
  }

  private static FilterException former(String text, String inCel) {
    return new FilterException("filter '%s' is not CEL, expected %s".formatted(text, inCel));
  }

  /** The text that the filter was written as. */
  public String text() {
    return text;
  }

  public boolean isAny() {
    return program == null;
  }

  /** Whether the change passes; one that the filter cannot decide on does. */
  public boolean test(Change change) {
    if (program == null) {
      return true;
    }
    try {
      return program.evaluate(new ChangeScope(change), MOST_STEPS).equals(new Value.Bool(true));
    } catch (EvaluationException undecided) {
      return true;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Filter filter && text.equals(filter.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
