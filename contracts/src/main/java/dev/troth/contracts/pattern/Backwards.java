package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Builds an automaton that reads a text from its end and knows from which nodes of a {@link
 * LookNfa} the rest of the text matches. So a look-ahead is decided before it is asked for, and
 * patterns with look-aheads, {@code \b} and look-behinds of one character are regular.
 *
 * <p>What the character before a place decides is not known yet when that place is reached; a state
 * therefore holds one answer for each kind of character that may come before, and one for none.
 */
final class Backwards {
  private static final int MOST_STATES = 4_000;
  private static final long MOST_WORK = 60_000_000;

  /** Found further right; nothing to the left can change that. */
  private static final State FOUND = new State(List.of(), true);

  private final LookNfa nfa;
  private final int[] starts;
  private final int[] classOf;

  /** Per class of characters the sets that it belongs to. */
  private final List<BitSet> members = new ArrayList<>();

  /** Per class the number of what is asked about it as the character before. */
  private final int[] before;

  /** What is asked of the character before, each once. */
  private final List<BitSet> asked = new ArrayList<>();

  private long work;

  /** Per kind of character before: the nodes that match. */
  private record State(List<BitSet> matching, boolean accepts) {}

  private Backwards(LookNfa nfa) {
    this.nfa = nfa;
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0));
    for (CodePoints set : nfa.sets) {
      for (int i = 0; i < set.ranges(); i++) {
        cuts.add(set.first(i));
        cuts.add(set.last(i) + 1);
      }
    }
    cuts.remove(Character.MAX_CODE_POINT + 1);
    starts = cuts.stream().mapToInt(Integer::intValue).toArray();
    classOf = new int[starts.length];
    Map<BitSet, Integer> numbers = new HashMap<>();
    for (int i = 0; i < starts.length; i++) {
      BitSet in = new BitSet();
      for (int set = 0; set < nfa.sets.size(); set++) {
        in.set(set, nfa.sets.get(set).contains(starts[i]));
      }
      Integer known = numbers.putIfAbsent(in, members.size());
      classOf[i] = known == null ? members.size() : known;
      if (known == null) {
        members.add(in);
      }
    }
    before = new int[members.size()];
    for (int c = 0; c < before.length; c++) {
      BitSet relevant = new BitSet();
      for (int set : nfa.behind) {
        relevant.set(set, members.get(c).get(set));
      }
      int known = asked.indexOf(relevant);
      before[c] = known >= 0 ? known : asked.size();
      if (known < 0) {
        asked.add(relevant);
      }
    }
  }

  /** The automaton that reads from the end; none if the pattern is unsuitable or too large. */
  static Optional<CharTable> of(Node node) {
    try {
      return new Backwards(LookNfa.of(node)).build();
    } catch (LookNfa.Unsuitable e) {
      return Optional.empty();
    }
  }

  private Optional<CharTable> build() {
    List<State> states = new ArrayList<>(List.of(state(Optional.empty(), new BitSet())));
    Map<State, Integer> numbers = new HashMap<>(Map.of(states.getFirst(), 0));
    List<int[]> rows = new ArrayList<>();
    for (int at = 0; at < states.size(); at++) {
      State from = states.get(at);
      int[] row = new int[members.size()];
      for (int c = 0; c < row.length; c++) {
        State to = from.equals(FOUND) ? FOUND : step(from, c);
        Integer known = numbers.putIfAbsent(to, states.size());
        row[c] = known == null ? states.size() : known;
        if (known == null) {
          states.add(to);
        }
      }
      rows.add(row);
      if (states.size() > MOST_STATES || work > MOST_WORK) {
        return Optional.empty();
      }
    }
    boolean[] accepts = new boolean[states.size()];
    for (int i = 0; i < accepts.length; i++) {
      accepts[i] = states.get(i).accepts();
    }
    return Optional.of(new CharTable(starts, classOf, rows.toArray(int[][]::new), accepts));
  }

  private State step(State from, int c) {
    BitSet matching = from.matching().get(before[c]);
    return matching.get(nfa.start) ? FOUND : state(Optional.of(members.get(c)), matching);
  }

  /** The state at a place, from the character after it and what matches behind that. */
  private State state(Optional<BitSet> character, BitSet behind) {
    List<BitSet> matching = new ArrayList<>();
    asked.forEach(in -> matching.add(matching(character, behind, in, false)));
    boolean accepts = matching(character, behind, new BitSet(), true).get(nfa.start);
    return new State(matching, accepts);
  }

  private BitSet matching(Optional<BitSet> character, BitSet behind, BitSet in, boolean atStart) {
    BitSet matching = new BitSet();
    for (BitSet level : nfa.levels.reversed()) {
      boolean changed = true;
      while (changed) {
        changed = false;
        for (int i = level.nextSetBit(0); i >= 0; i = level.nextSetBit(i + 1)) {
          work++;
          if (!matching.get(i) && matches(i, character, behind, in, atStart, matching)) {
            matching.set(i);
            changed = true;
          }
        }
      }
    }
    return matching;
  }

  private boolean matches(
      int node,
      Optional<BitSet> character,
      BitSet behind,
      BitSet in,
      boolean atStart,
      BitSet matching) {
    LookNfa.State state = nfa.states.get(node);
    boolean next = matching.get(state.next());
    return switch (state.kind()) {
      case MATCH -> true;
      case CHARS ->
          character.isPresent() && character.get().get(state.set()) && behind.get(state.next());
      case SPLIT -> next || matching.get(state.other());
      case START -> atStart && next;
      case END -> character.isEmpty() && next;
      case LOOK -> next && matching.get(state.other()) != state.negated();
      case AFTER -> next && in.get(state.set()) != state.negated();
      case BOUNDARY -> {
        boolean wordAfter = character.isPresent() && character.get().get(0);
        yield next && (in.get(0) != wordAfter) != state.negated();
      }
    };
  }
}
