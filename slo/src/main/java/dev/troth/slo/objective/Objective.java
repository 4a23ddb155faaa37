package dev.troth.slo.objective;

import dev.troth.slo.chain.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One promise: what is measured, how much of it must be good, and what happens when it is not.
 *
 * <p>Its subject is {@code slo/<name>}; an objective of a chain and the latency objective of the
 * same chain are two objectives.
 */
public record Objective(Title title, Measure measure, Goal goal, Rules rules) {
  public Objective {
    boolean bounds =
        switch (measure) {
          case Measure.Requests requests -> requests.kind() != CountingMethod.EXACT;
          case Measure.Counters counters -> counters.kind() != CountingMethod.DISJOINT;
          case Measure.Latency _, Measure.Unmeasured _ -> false;
        };
    if (bounds && goal.slices().isPresent()) {
      throw new IllegalArgumentException(
          "time slices are judged by one exact count of bad events, expected kind exact or disjoint");
    }
  }

  /** Its names: {@code name} identifies it everywhere. */
  public record Title(String name, String displayName, String service, String description) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

    public Title {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "name is '"
                + name
                + "', expected 1 to 63 of a-z, 0-9, '-' and '.', a letter or digit at both ends");
      }
    }
  }

  /** What follows from the count: alerts, times left out, and the team's budget policy. */
  public record Rules(
      AlertPolicy alerts,
      List<Exclusion> exclusions,
      List<Maintenance> maintenance,
      List<BudgetPolicy> policies) {
    /** Each of them is counted by itself. */
    private static final int MOST_MAINTENANCE = 10;

    public Rules {
      exclusions = List.copyOf(exclusions);
      maintenance = List.copyOf(maintenance);
      if (maintenance.size() > MOST_MAINTENANCE) {
        throw new IllegalArgumentException(
            "there are %d times of maintenance, expected at most %d"
                .formatted(maintenance.size(), MOST_MAINTENANCE));
      }
      long names = maintenance.stream().map(Maintenance::name).distinct().count();
      if (names < maintenance.size()) {
        throw new IllegalArgumentException(
            "two times of maintenance have one name, expected a name for each");
      }
      policies = List.copyOf(policies);
    }

    /** Without maintenance. */
    public Rules(AlertPolicy alerts, List<Exclusion> exclusions, List<BudgetPolicy> policies) {
      this(alerts, exclusions, List.of(), policies);
    }

    /** What a stretch of minutes leaves out: exclusions, and each time of maintenance in it. */
    public List<Exclusion> leftOut(long from, long to) {
      List<Exclusion> all = new ArrayList<>(exclusions);
      for (MaintenanceTimes.Time time : new MaintenanceTimes(maintenance).times(from, to)) {
        all.add(new Exclusion(time.from(), time.to(), time.maintenance().reason()));
      }
      return all;
    }
  }

  public String name() {
    return title.name();
  }

  /** How its figure is composed. */
  public CountingMethod kind() {
    return switch (measure) {
      case Measure.Requests requests -> requests.kind();
      case Measure.Latency latency -> CountingMethod.EXACT;
      case Measure.Counters counters -> counters.kind();
      case Measure.Unmeasured unmeasured -> CountingMethod.EXACT;
    };
  }

  /** The chain whose requests are counted; empty where counters are. */
  public Optional<Chain> chain() {
    return switch (measure) {
      case Measure.Requests requests -> Optional.of(requests.chain());
      case Measure.Latency latency -> Optional.of(latency.chain());
      case Measure.Counters counters -> Optional.empty();
      case Measure.Unmeasured unmeasured -> Optional.empty();
    };
  }

  /** The names of the steps whose failures are told apart, in order. */
  public List<String> steps() {
    return switch (measure) {
      case Measure.Requests requests ->
          requests.chain().steps().stream().map(step -> step.name()).toList();
      case Measure.Latency latency -> List.of();
      case Measure.Counters counters -> counters.parts().stream().map(Measure.Part::name).toList();
      case Measure.Unmeasured unmeasured -> List.of();
    };
  }
}
