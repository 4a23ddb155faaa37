package dev.troth.contracts.pattern;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of ECMA-262 in Unicode mode, as {@code pattern} and {@code
 * patternProperties} use it: it matches if it occurs anywhere in the text. A regular one becomes a
 * {@link Dfa} at its first use and then costs one step a byte; one with look-arounds that an
 * automaton can decide is read from its end, one step a character; others are matched with a limit
 * on steps. Immutable; safe for use by many threads.
 */
public final class Regex {
  private final String source;
  private final RegexParser.Parsed parsed;
  private volatile @Nullable Optional<Dfa> automaton;
  private volatile @Nullable Optional<CharTable> fromEnd;
  private volatile @Nullable Optional<EndMatcher> endMatcher;

  private Regex(String source, RegexParser.Parsed parsed) {
    this.source = source;
    this.parsed = parsed;
  }

  public static Regex of(String source) throws RegexException {
    return new Regex(source, new RegexParser(source).parse());
  }

  /** The pattern as written. */
  public String source() {
    return source;
  }

  /** The syntax tree. */
  Node tree() {
    return parsed.node();
  }

  /** The automaton, unless the pattern is not regular or its automaton would be too large. */
  public Optional<Dfa> automaton() {
    Optional<Dfa> known = automaton;
    if (known == null) {
      known = Dfa.of(parsed.node());
      automaton = known;
    }
    return known;
  }

  /**
   * An automaton that reads a text from its end and accepts it if the pattern occurs in it; also of
   * patterns with look-aheads, {@code \b} and look-behinds of one character. None if there is none
   * or it would be too large.
   */
  public Optional<CharTable> fromEnd() {
    Optional<CharTable> known = fromEnd;
    if (known == null) {
      known = Backwards.of(parsed.node());
      fromEnd = known;
    }
    return known;
  }

  private Optional<EndMatcher> endMatcher() {
    Optional<EndMatcher> known = endMatcher;
    if (known == null) {
      known = fromEnd().map(EndMatcher::new);
      endMatcher = known;
    }
    return known;
  }

  /**
   * Whether the pattern occurs in the text.
   *
   * @throws CostException if that takes too many steps to tell
   */
  public boolean find(String text) {
    if (automaton().isEmpty() && endMatcher().isEmpty()) {
      return Backtracker.find(source, parsed, text);
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return find(utf8, 0, utf8.length);
  }

  /**
   * Whether the pattern occurs in these bytes, which are valid UTF-8.
   *
   * @throws CostException if that takes too many steps to tell
   */
  public boolean find(byte[] utf8, int from, int to) {
    Optional<Dfa> dfa = automaton();
    if (dfa.isPresent()) {
      return dfa.get().find(utf8, from, to);
    }
    Optional<EndMatcher> matcher = endMatcher();
    return matcher.isPresent()
        ? matcher.get().find(utf8, from, to)
        : Backtracker.find(
            source, parsed, new String(utf8, from, to - from, StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Regex regex && source.equals(regex.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
