package dev.troth.contracts.proof;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.proof.Formula.Opaque;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Seeks a text of a regular language and a length, with and without formats. */
final class Texts {
  private static final int TRIES = 40;

  private Language language = Language.ALL;
  private int min;
  private int max = Formula.Size.UNLIMITED;
  private final Set<String> excluded = new HashSet<>();
  private final List<Opaque> opaque = new ArrayList<>();
  private boolean contradiction;

  Texts(List<Formula> atoms) {
    for (Formula atom : atoms) {
      switch (atom) {
        case Formula.Words words -> language = language.and(words.language());
        case Formula.Size size -> {
          min = Math.max(min, size.min());
          max = Math.min(max, size.max());
        }
        case Formula.Equals(Json.Str(String value), boolean holds) -> {
          if (holds) {
            language = language.and(Language.of(value));
          } else {
            excluded.add(value);
          }
        }
        case Opaque other -> {
          contradiction |= opaque.contains(new Opaque(other.what(), !other.holds()));
          opaque.add(other);
        }
        default -> throw new IllegalStateException("no demand on a text: " + atom);
      }
    }
  }

  Outcome find() {
    if (contradiction || min > max) {
      return Outcome.NOTHING;
    }
    List<String> words = words(excluded.size() + (opaque.isEmpty() ? 1 : TRIES));
    int left = 0;
    for (String word : words) {
      if (!excluded.contains(word)) {
        left++;
        if (opaque.stream().allMatch(o -> holds(o, word))) {
          return Outcome.of(new Json.Str(word));
        }
      }
    }
    if (left == 0) {
      return Outcome.NOTHING;
    }
    for (Opaque demand : opaque) {
      if (demand.what() instanceof Format format) {
        for (String sample : Samples.of(format)) {
          if (fits(sample) && opaque.stream().allMatch(o -> holds(o, sample))) {
            return Outcome.of(new Json.Str(sample));
          }
        }
      }
    }
    // Every word of the language was tried, and of each it is known whether it has the formats.
    boolean all = words.size() < excluded.size() + TRIES;
    return all && opaque.stream().allMatch(o -> o.what() instanceof Format)
        ? Outcome.NOTHING
        : Outcome.UNDECIDED;
  }

  private List<String> words(int most) {
    return language.words(
        min, max == Formula.Size.UNLIMITED ? OptionalInt.empty() : OptionalInt.of(max), most);
  }

  private boolean fits(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= min && length <= max && !excluded.contains(text) && language.contains(text);
  }

  private static boolean holds(Opaque demand, String text) {
    return !(demand.what() instanceof Format format) || format.test(text) == demand.holds();
  }
}
