package dev.troth.slo.rules;

import dev.troth.slo.promql.Query.Matching;
import dev.troth.slo.rules.Result.FailedException;
import dev.troth.slo.rules.Result.Sample;
import dev.troth.slo.rules.Result.Vector;
import dev.troth.slo.series.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Operators between two vectors, whose series find each other by labels. */
final class VectorMatching {
  private final Matching matching;
  private final boolean on;
  private final Set<String> ignored;

  VectorMatching(Matching matching) {
    this.matching = matching;
    this.on = matching.labels().word().equals("on");
    this.ignored = new HashSet<>(matching.labels().names());
    ignored.add(LabelSet.NAME);
  }

  private LabelSet signature(LabelSet labels) {
    return on ? labels.keep(matching.labels().names()) : labels.without(ignored);
  }

  private Set<LabelSet> signatures(Vector vector) {
    Set<LabelSet> all = new HashSet<>();
    vector.samples().forEach(sample -> all.add(signature(sample.labels())));
    return all;
  }

  /** {@code and}, {@code or} and {@code unless}. */
  Vector sets(String operator, Vector left, Vector right) {
    boolean or = operator.equals("or");
    Set<LabelSet> others = signatures(or ? left : right);
    List<Sample> samples = new ArrayList<>();
    for (Sample sample : left.samples()) {
      if (or || others.contains(signature(sample.labels())) == operator.equals("and")) {
        samples.add(sample);
      }
    }
    if (or) {
      for (Sample sample : right.samples()) {
        if (!others.contains(signature(sample.labels()))) {
          samples.add(sample);
        }
      }
    }
    return new Vector(samples);
  }

  /** Arithmetic and comparisons. */
  Vector each(String operator, Vector left, Vector right) {
    boolean swapped = matching.group().word().equals("group_right");
    boolean grouped = !matching.group().word().isEmpty();
    Map<LabelSet, Sample> one = new HashMap<>();
    for (Sample sample : (swapped ? left : right).samples()) {
      LabelSet signature = signature(sample.labels());
      if (one.put(signature, sample) != null) {
        throw new FailedException(
            "several series of one side of '%s' have the labels %s".formatted(operator, signature));
      }
    }
    Set<LabelSet> seen = new HashSet<>();
    List<Sample> samples = new ArrayList<>();
    for (Sample many : (swapped ? right : left).samples()) {
      LabelSet signature = signature(many.labels());
      Sample other = one.get(signature);
      if (other == null) {
        continue;
      }
      double first = swapped ? other.value() : many.value();
      double second = swapped ? many.value() : other.value();
      boolean comparison = Operators.compares(operator);
      boolean holds = comparison && Operators.holds(operator, first, second);
      if (comparison && !matching.bool() && !holds) {
        continue;
      }
      LabelSet labels = labels(operator, many.labels(), other.labels(), grouped);
      if (!seen.add(grouped ? labels : signature)) {
        throw new FailedException(
            "several series of one side of '%s' have the labels %s".formatted(operator, signature));
      }
      double value =
          comparison
              ? (matching.bool() ? (holds ? 1 : 0) : first)
              : Operators.calculate(operator, first, second);
      samples.add(new Sample(labels, value));
    }
    return new Vector(samples);
  }

  private LabelSet labels(String operator, LabelSet many, LabelSet one, boolean grouped) {
    LabelSet labels = Operators.compares(operator) && !matching.bool() ? many : many.withoutName();
    if (!grouped) {
      List<String> names = matching.labels().names();
      return on ? labels.keep(names) : names.isEmpty() ? labels : labels.without(names);
    }
    Map<String, String> included = new HashMap<>();
    matching.group().names().forEach(name -> included.put(name, one.get(name)));
    return labels.with(included);
  }
}
