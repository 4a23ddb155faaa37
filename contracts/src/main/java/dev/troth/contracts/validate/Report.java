package dev.troth.contracts.validate;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects violations up to a limit; {@link #NONE} collects none and is always full. */
final class Report {
  static final Report NONE = new Report(0);

  private static final int LONGEST = 80;

  private final int limit;
  private final List<Violation> violations = new ArrayList<>();

  Report() {
    this(Interpreter.MOST);
  }

  private Report(int limit) {
    this.limit = limit;
  }

  void add(Supplier<Violation> violation) {
    if (violations.size() < limit) {
      violations.add(violation.get());
    }
  }

  /** Whether nothing more would be kept, so that the first failure may end the work. */
  boolean isFull() {
    return violations.size() >= limit;
  }

  List<Violation> violations() {
    return violations;
  }

  /** A report of one branch's violations, small because only the nearest branch is shown. */
  Report branch() {
    return limit == 0 ? NONE : new Report(Math.max(1, limit / 10));
  }

  /** How far a branch got: the deepest place that it complains of. */
  static int depth(List<Violation> violations) {
    int depth = 0;
    for (Violation violation : violations) {
      depth = Math.max(depth, (int) violation.pointer().chars().filter(c -> c == '/').count());
    }
    return depth;
  }

  static String shown(Json value) {
    return cut(
        switch (value) {
          case Json.Obj object -> "an object of %d members".formatted(object.members().size());
          case Json.Arr array -> "an array of %d items".formatted(array.items().size());
          case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value.toString();
        });
  }

  static String shown(List<Json> values) {
    return cut(String.join(", ", values.stream().map(Json::toString).toList()));
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "…";
  }
}
