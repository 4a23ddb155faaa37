package dev.troth.contracts.proof;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.format.FormatGrammar;
import dev.troth.contracts.pattern.CharTable;
import dev.troth.contracts.pattern.Dfa;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Opaque;
import dev.troth.contracts.proof.Formula.Size;
import dev.troth.contracts.proof.Formula.Words;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The languages that patterns and schemas of names mean; remembers what it has worked out. */
final class NameSets {
  private final Map<Regex, Optional<Language>> found = new HashMap<>();
  private final Map<Keyword.Properties, Optional<Language>> declared = new HashMap<>();
  private final Unfolding texts = new Unfolding(JsonType.STRING, this);

  /** The texts in which the pattern occurs, unless it is not regular or too large. */
  Optional<Language> found(Regex regex) {
    return found.computeIfAbsent(
        regex,
        r ->
            r.automaton()
                .flatMap(NameSets::attempt)
                .or(() -> r.fromEnd().flatMap(CharTable::reversed).flatMap(NameSets::attempt)));
  }

  private static Optional<Language> attempt(CharTable table) {
    try {
      return Optional.of(new Language.Accepted(Automaton.of(table)));
    } catch (Language.TooLarge e) {
      return Optional.empty();
    }
  }

  /**
   * A format or its absence. What is not regular about it stays opaque, beside a regular set that
   * is needed for it: so what follows from the set is proved.
   */
  Formula format(Format format, boolean holds) {
    Formula opaque = new Opaque(format, holds);
    Optional<FormatGrammar> grammar = FormatGrammar.of(format);
    if (grammar.isEmpty()) {
      return opaque;
    }
    Optional<Language> language = found(holds ? grammar.get().upper() : grammar.get().lower());
    if (language.isEmpty()) {
      return opaque;
    }
    int longest = holds ? grammar.get().longest() : grammar.get().shorter();
    boolean bounded = longest != FormatGrammar.UNLIMITED;
    Formula needed;
    if (holds) {
      Formula words = new Words(language.get());
      needed = bounded ? Formula.all(words, new Size(0, longest)) : words;
    } else {
      Formula words = new Words(language.get().not());
      needed = bounded ? Formula.any(words, new Size(longest + 1, Size.UNLIMITED)) : words;
    }
    return grammar.get().exact() ? needed : Formula.all(needed, opaque);
  }

  private static Optional<Language> attempt(Dfa dfa) {
    try {
      return Optional.of(new FromBytes(dfa).language());
    } catch (Language.TooLarge e) {
      return Optional.empty();
    }
  }

  /** The names that {@code properties} and {@code patternProperties} speak of. */
  Optional<Language> declared(Keyword.Properties properties) {
    Optional<Language> known = declared.get(properties);
    if (known == null) {
      known = declare(properties);
      declared.put(properties, known);
    }
    return known;
  }

  private Optional<Language> declare(Keyword.Properties properties) {
    try {
      Language all = Language.of(properties.named().keySet());
      for (Keyword.PatternProperty pattern : properties.patterns()) {
        Optional<Language> language = found(pattern.regex());
        if (language.isEmpty()) {
          return language;
        }
        all = all.or(language.get());
      }
      return Optional.of(all);
    } catch (Language.TooLarge e) {
      return Optional.empty();
    }
  }

  /** The texts for which a formula holds, if that is a regular set. */
  Optional<Language> valid(Formula formula) {
    try {
      return Optional.ofNullable(language(formula));
    } catch (Language.TooLarge e) {
      return Optional.empty();
    }
  }

  private @Nullable Language language(Formula formula) {
    return switch (formula) {
      case Formula.Constant constant -> constant == Formula.TRUE ? Language.ALL : Language.NONE;
      case Is is -> language(texts.of(is));
      case Formula.Equals equals ->
          equals.value() instanceof Json.Str text
              ? (equals.holds() ? Language.of(text.value()) : Language.of(text.value()).not())
              : (equals.holds() ? Language.NONE : Language.ALL);
      case Formula.Words words -> words.language();
      case Formula.Size size -> Language.ofLength(size.min(), size.max());
      case Formula.All all -> {
        Language result = Language.ALL;
        for (Formula part : all.parts()) {
          Language language = language(part);
          if (language == null) {
            yield null;
          }
          result = result.and(language);
        }
        yield result;
      }
      case Formula.Any any -> {
        Language result = Language.NONE;
        for (Formula part : any.parts()) {
          Language language = language(part);
          if (language == null) {
            yield null;
          }
          result = result.or(language);
        }
        yield result;
      }
      case Formula.Opaque _,
          Formula.Writes _,
          Formula.Bound _,
          Formula.Multiple _,
          Formula.EachItem _,
          Formula.SomeItem _,
          Formula.Count _,
          Formula.Distinct _,
          Formula.EachMember _,
          Formula.SomeMember _ ->
          null;
    };
  }

  /** Turns an automaton over UTF-8 bytes into one over code points. */
  private static final class FromBytes {
    private final Dfa dfa;
    private final Map<Long, int[][]> tails = new HashMap<>();

    FromBytes(Dfa dfa) {
      this.dfa = dfa;
    }

    Language language() {
      // Only states between characters are states of the result.
      Map<Integer, Integer> numbers = new HashMap<>();
      List<Integer> order = new ArrayList<>(List.of(dfa.start()));
      numbers.put(dfa.start(), 0);
      List<int[]> starts = new ArrayList<>();
      List<int[]> targets = new ArrayList<>();
      for (int at = 0; at < order.size(); at++) {
        if (order.size() > Automaton.MOST_STATES) {
          throw new Language.TooLarge();
        }
        int[][] ranges = characters(order.get(at));
        int[] to = new int[ranges[1].length];
        for (int i = 0; i < to.length; i++) {
          Integer number = numbers.get(ranges[1][i]);
          if (number == null) {
            number = order.size();
            numbers.put(ranges[1][i], number);
            order.add(ranges[1][i]);
          }
          to[i] = number;
        }
        starts.add(ranges[0]);
        targets.add(to);
      }
      boolean[] accepting = new boolean[order.size()];
      for (int i = 0; i < accepting.length; i++) {
        accepting[i] = dfa.accepts(order.get(i));
      }
      return new Language.Accepted(
          new Automaton(starts.toArray(int[][]::new), targets.toArray(int[][]::new), accepting)
              .minimal());
    }

    /** For each range of code points its start and the state behind it. */
    private int[][] characters(int state) {
      Ranges ranges = new Ranges();
      for (int c = 0; c < 0x80; c++) {
        ranges.add(c, dfa.next(state, c));
      }
      for (int lead = 0xC2; lead <= 0xDF; lead++) {
        ranges.addAll((lead & 0x1F) << 6, tail(dfa.next(state, lead), 1), 0);
      }
      for (int lead = 0xE0; lead <= 0xEF; lead++) {
        // An overlong form would begin below U+0800.
        ranges.addAll((lead & 0xF) << 12, tail(dfa.next(state, lead), 2), 0x800);
      }
      for (int lead = 0xF0; lead <= 0xF4; lead++) {
        ranges.addAll((lead & 7) << 18, tail(dfa.next(state, lead), 3), 0x10000);
      }
      return ranges.upTo(Character.MAX_CODE_POINT);
    }

    /** The ranges of what so many continuation bytes lead to. */
    private int[][] tail(int state, int bytes) {
      if (bytes == 0) {
        return new int[][] {{0}, {state}};
      }
      long key = ((long) state << 2) | bytes;
      int[][] known = tails.get(key);
      if (known == null) {
        Ranges ranges = new Ranges();
        for (int b = 0; b < 64; b++) {
          int[][] rest = tail(dfa.next(state, 0x80 | b), bytes - 1);
          ranges.addAll(b << (6 * (bytes - 1)), rest, 0);
        }
        known = ranges.upTo(Integer.MAX_VALUE);
        tails.put(key, known);
      }
      return known;
    }
  }

  /** Ranges in ascending order, neighbours with one target joined. */
  private static final class Ranges {
    private int[] starts = new int[16];
    private int[] targets = new int[16];
    private int size;

    void add(int start, int target) {
      if (size > 0 && targets[size - 1] == target) {
        return;
      }
      if (size > 0 && starts[size - 1] == start) {
        targets[size - 1] = target;
        return;
      }
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, 2 * size);
        targets = Arrays.copyOf(targets, 2 * size);
      }
      starts[size] = start;
      targets[size++] = target;
    }

    void addAll(int offset, int[][] ranges, int least) {
      for (int i = 0; i < ranges[0].length; i++) {
        int from = offset + ranges[0][i];
        int end = i + 1 < ranges[0].length ? offset + ranges[0][i + 1] : Integer.MAX_VALUE;
        if (end > least) {
          add(Math.max(from, least), ranges[1][i]);
        }
      }
    }

    int[][] upTo(int last) {
      int n = size;
      while (n > 1 && starts[n - 1] > last) {
        n--;
      }
      return new int[][] {Arrays.copyOf(starts, n), Arrays.copyOf(targets, n)};
    }
  }
}
