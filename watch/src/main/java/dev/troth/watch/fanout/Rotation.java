package dev.troth.watch.fanout;

import dev.troth.watch.change.Subject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The open fan-outs, taken subject by subject in turn.
 *
 * <p>Changes of one subject come out in the order of their versions, the next only when the one
 * before is done; a subject that had its turn goes to the back. So a fan-out of a million delays a
 * fan-out of one by at most one slice for every subject that is open. Not thread-safe.
 */
final class Rotation {
  /** The subjects in the order of their turns, each with its fan-outs in the order of versions. */
  private final Map<Subject, Deque<FanOut>> turns = new LinkedHashMap<>();

  private int size;

  void add(FanOut fanOut) {
    turns.computeIfAbsent(fanOut.subject(), subject -> new ArrayDeque<>()).addLast(fanOut);
    size++;
  }

  /** Takes the oldest fan-out of the subject whose turn it is. */
  FanOut take() {
    var turn = turns.entrySet().iterator();
    if (!turn.hasNext()) {
      throw new NoSuchElementException("nothing is open");
    }
    var first = turn.next();
    FanOut taken = first.getValue().removeFirst();
    turn.remove();
    size--;
    if (!first.getValue().isEmpty()) {
      turns.put(first.getKey(), first.getValue());
    }
    return taken;
  }

  /** Gives back a fan-out that has more to tell: still before the later ones of its subject. */
  void giveBack(FanOut fanOut) {
    turns.computeIfAbsent(fanOut.subject(), subject -> new ArrayDeque<>()).addFirst(fanOut);
    size++;
  }

  boolean isEmpty() {
    return turns.isEmpty();
  }

  int size() {
    return size;
  }

  void clear() {
    turns.clear();
    size = 0;
  }
}
