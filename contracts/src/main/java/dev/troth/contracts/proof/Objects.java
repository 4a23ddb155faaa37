package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.EachMember;
import dev.troth.contracts.proof.Formula.Size;
import dev.troth.contracts.proof.Formula.SomeMember;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seeks an object. Demands for some member are shared out over members; each member's name is
 * chosen from the classes of names that the demands on every member tell apart; then members are
 * added until there are enough.
 */
final class Objects {
  private static final int MOST_FILLED = 2_000;

  private final Solver solver;
  private final List<EachMember> each = new ArrayList<>();

  /** Of {@link #each} the values by name, where names are listed, and the other rules. */
  private final Map<String, List<Formula>> eachNamed = new HashMap<>();

  private final List<EachMember> eachOther = new ArrayList<>();
  private final List<SomeMember> some = new ArrayList<>();
  private int min;
  private int max = Size.UNLIMITED;
  private Language allowed = Language.ALL;
  private boolean complete = true;

  /** A member to be: the names it may have and what its value must be. */
  private record Member(Language names, List<Formula> value) {}

  /** Names to which the same demands apply. */
  private record NameClass(Language names, List<Formula> value) {}

  Objects(Solver solver, List<Formula> atoms) {
    this.solver = solver;
    Work.spend(4L * atoms.size());
    for (Formula atom : atoms) {
      switch (atom) {
        case EachMember rule when rule.value() == Formula.FALSE ->
            allowed = allowed.minus(rule.names());
        case EachMember rule -> {
          each.add(rule);
          if (rule.names() instanceof Language.Listed(Set<String> texts, boolean only) && only) {
            for (String name : texts) {
              eachNamed.computeIfAbsent(name, _ -> new ArrayList<>()).add(rule.value());
            }
          } else {
            eachOther.add(rule);
          }
        }
        case SomeMember demand -> some.add(demand);
        case Size size -> {
          min = Math.max(min, size.min());
          max = Math.min(max, size.max());
        }
        default -> throw new IllegalStateException("no demand on an object: " + atom);
      }
    }
  }

  Outcome find() {
    if (min > max) {
      return Outcome.NOTHING;
    }
    // Demands on one and the same name are demands on one member.
    Map<String, List<Formula>> named = new LinkedHashMap<>();
    List<Member> open = new ArrayList<>();
    for (SomeMember demand : some) {
      Language names = demand.names().and(allowed);
      List<String> words = names.words(0, OptionalInt.empty(), 2);
      if (words.isEmpty()) {
        return Outcome.NOTHING;
      }
      if (words.size() == 1) {
        named.computeIfAbsent(words.getFirst(), n -> new ArrayList<>()).add(demand.value());
      } else {
        open.add(new Member(names, List.of(demand.value())));
      }
    }
    List<Member> members = new ArrayList<>();
    named.forEach((name, value) -> members.add(new Member(Language.of(name), value)));
    Json found = share(members, open, 0);
    return found != null ? Outcome.of(found) : complete ? Outcome.NOTHING : Outcome.UNDECIDED;
  }

  /** Gives each open demand to a member that is there already, or to one of its own. */
  private @Nullable Json share(List<Member> members, List<Member> open, int next) {
    solver.step();
    if (next == open.size()) {
      return members.size() > max ? null : name(members, 0, new LinkedHashMap<>());
    }
    Member demand = open.get(next);
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      Language names = member.names().and(demand.names());
      if (!names.isEmpty()) {
        List<Formula> value = new ArrayList<>(member.value());
        value.addAll(demand.value());
        List<Member> joined = new ArrayList<>(members);
        joined.set(i, new Member(names, value));
        Json found = share(joined, open, next + 1);
        if (found != null) {
          return found;
        }
      }
    }
    List<Member> more = new ArrayList<>(members);
    more.add(demand);
    return more.size() > max ? null : share(more, open, next + 1);
  }

  /** Gives each member a name that no other has, and a value. */
  private @Nullable Json name(List<Member> members, int next, Map<String, Json> chosen) {
    if (next == members.size()) {
      return fill(chosen);
    }
    Member member = members.get(next);
    for (NameClass names : classes(member)) {
      Outcome value = solver.find(names.value());
      if (!value.found()) {
        complete &= value.complete();
        continue;
      }
      for (String word : names.names().words(0, OptionalInt.empty(), chosen.size() + 1)) {
        if (!chosen.containsKey(word)) {
          chosen.put(word, value.witnesses().getFirst());
          Json found = name(members, next + 1, chosen);
          if (found != null) {
            return found;
          }
          chosen.remove(word);
          // Another name of this class would leave the others no less room, unless it is scarce.
          if (!scarce(names.names(), members.size())) {
            break;
          }
        }
      }
    }
    return null;
  }

  private static boolean scarce(Language names, int members) {
    return names.hasAtMost(members);
  }

  /** Adds members until there are enough. */
  private @Nullable Json fill(Map<String, Json> chosen) {
    if (chosen.size() >= min) {
      return new Json.Obj(chosen);
    }
    if (min > MOST_FILLED) {
      complete = false;
      return null;
    }
    Map<String, Json> all = new LinkedHashMap<>(chosen);
    for (NameClass names : classes(new Member(allowed, List.of()))) {
      Outcome value = solver.find(names.value());
      if (!value.found()) {
        complete &= value.complete();
        continue;
      }
      for (String word : names.names().words(0, OptionalInt.empty(), min)) {
        if (all.size() < min) {
          all.putIfAbsent(word, value.witnesses().getFirst());
        }
      }
      if (all.size() >= min) {
        return new Json.Obj(all);
      }
    }
    return null;
  }

  /** The member's names, told apart by the demands on every member. */
  private List<NameClass> classes(Member member) {
    List<NameClass> classes = new ArrayList<>();
    if (member.names() instanceof Language.Listed(Set<String> texts, boolean only) && only) {
      listed(texts, member.value(), classes);
      return classes;
    }
    split(member.names(), member.value(), 0, classes);
    return classes;
  }

  /** A few names are told apart by looking each of them up. */
  private void listed(Set<String> texts, List<Formula> value, List<NameClass> classes) {
    solver.step();
    Map<List<Formula>, Set<String>> byValue = new LinkedHashMap<>();
    for (String name : texts.stream().sorted(Letters.SHORTEST).toList()) {
      List<Formula> more = new ArrayList<>(value);
      more.addAll(eachNamed.getOrDefault(name, List.of()));
      for (EachMember rule : eachOther) {
        if (rule.names().contains(name)) {
          more.add(rule.value());
        }
      }
      Work.spend(1 + more.size() + eachOther.size());
      byValue.computeIfAbsent(more, _ -> new LinkedHashSet<>()).add(name);
    }
    byValue.forEach((more, names) -> classes.add(new NameClass(Language.of(names), more)));
  }

  private void split(Language names, List<Formula> value, int next, List<NameClass> classes) {
    solver.step();
    if (names.isEmpty()) {
      return;
    }
    if (next == each.size()) {
      classes.add(new NameClass(names, value));
      return;
    }
    EachMember rule = each.get(next);
    List<Formula> more = new ArrayList<>(value);
    more.add(rule.value());
    split(names.minus(rule.names()), value, next + 1, classes);
    split(names.and(rule.names()), more, next + 1, classes);
  }
}
