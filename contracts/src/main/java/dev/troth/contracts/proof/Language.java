package dev.troth.contracts.proof;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A regular set of texts. Immutable. Most sets are the names of some properties, or all other
 * names, and stay lists; an automaton is made only where a pattern or a length asks for one.
 */
sealed interface Language {
  /** All texts. */
  Language ALL = new Listed(Set.of(), false);

  /** No text. */
  Language NONE = new Listed(Set.of(), true);

  /** An automaton would need more than {@value Automaton#MOST_STATES} states. */
  final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLarge() {
      super("the automaton has more than " + Automaton.MOST_STATES + " states", null, false, false);
    }
  }

  /** These texts, or all but these. */
  record Listed(Set<String> texts, boolean only) implements Language {
    public Listed {
      texts = Set.copyOf(texts);
    }

    /** Those of these texts that another language has too. */
    private Language chosen(Language other) {
      Set<String> both = new HashSet<>(texts);
      both.removeIf(text -> !other.contains(text));
      return new Listed(both, true);
    }
  }

  /** The texts that an automaton accepts. */
  record Accepted(Automaton by) implements Language {}

  /** The language of these texts alone. */
  static Language of(Collection<String> texts) {
    return new Listed(new HashSet<>(texts), true);
  }

  /** The language of one text. */
  static Language of(String text) {
    return new Listed(Set.of(text), true);
  }

  /** All texts of {@code min} to {@code max} code points. */
  static Language ofLength(int min, int max) {
    return new Accepted(Automaton.ofLength(min, max));
  }

  default boolean contains(String text) {
    return switch (this) {
      case Listed(Set<String> texts, boolean only) -> texts.contains(text) == only;
      case Accepted(Automaton by) -> by.accepts(text);
    };
  }

  default Language not() {
    return switch (this) {
      case Listed(Set<String> texts, boolean only) -> new Listed(texts, !only);
      case Accepted(Automaton by) -> new Accepted(by.not());
    };
  }

  default Language and(Language other) {
    Work.spend(size() + other.size());
    if (this instanceof Listed listed && listed.only()) {
      return listed.chosen(other);
    }
    if (other instanceof Listed listed && listed.only()) {
      return listed.chosen(this);
    }
    if (this instanceof Listed a && other instanceof Listed b) {
      Set<String> texts = new HashSet<>(a.texts());
      texts.addAll(b.texts());
      return new Listed(texts, false);
    }
    return new Accepted(automaton().and(other.automaton()));
  }

  /** How much there is to look at. */
  private int size() {
    return switch (this) {
      case Listed(Set<String> texts, boolean _) -> texts.size();
      case Accepted _ -> 1;
    };
  }

  default Language or(Language other) {
    return not().and(other.not()).not();
  }

  default Language minus(Language other) {
    return and(other.not());
  }

  default boolean isEmpty() {
    return switch (this) {
      case Listed(Set<String> texts, boolean only) -> only && texts.isEmpty();
      case Accepted(Automaton by) -> by.isEmpty();
    };
  }

  /**
   * Members in order of length, at most so many; fewer only if there are no more.
   *
   * @param min the least number of code points
   * @param max the greatest number of code points
   */
  default List<String> words(int min, OptionalInt max, int most) {
    return switch (this) {
      case Listed(Set<String> texts, boolean only) when only ->
          within(texts.stream(), min, max).sorted(Letters.SHORTEST).limit(most).toList();
      case Listed(Set<String> texts, boolean _) ->
          Automaton.ALL.words(min, max, most + texts.size()).stream()
              .filter(word -> !texts.contains(word))
              .limit(most)
              .toList();
      case Accepted(Automaton by) -> by.words(min, max, most);
    };
  }

  private static Stream<String> within(Stream<String> texts, int min, OptionalInt max) {
    return texts.filter(text -> {
      int length = text.codePointCount(0, text.length());
      return length >= min && length <= max.orElse(Integer.MAX_VALUE);
    });
  }

  /** Whether the set has at most so many members. */
  default boolean hasAtMost(int most) {
    return words(0, OptionalInt.empty(), most + 1).size() <= most;
  }

  private Automaton automaton() {
    return switch (this) {
      case Listed(Set<String> texts, boolean only) when only -> Automaton.of(texts);
      case Listed(Set<String> texts, boolean _) ->
          texts.isEmpty() ? Automaton.ALL : Automaton.of(texts).not();
      case Accepted(Automaton by) -> by;
    };
  }
}
