package dev.troth.contracts.validate;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Which members and items of one value some schema has evaluated so far. */
final class Evaluated {
  private final Set<String> members = new HashSet<>();
  private final BitSet items = new BitSet();

  void member(String name) {
    members.add(name);
  }

  void item(int index) {
    items.set(index);
  }

  void items(int from, int to) {
    items.set(from, Math.max(from, to));
  }

  boolean has(String name) {
    return members.contains(name);
  }

  boolean has(int index) {
    return items.get(index);
  }

  void add(Evaluated other) {
    members.addAll(other.members);
    items.or(other.items);
  }
}
