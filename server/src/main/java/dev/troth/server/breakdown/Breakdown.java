package dev.troth.server.breakdown;

import dev.troth.server.breakdown.BreakdownStore.Sums;
import dev.troth.server.breakdown.GroupList.Budget;
import dev.troth.server.breakdown.GroupList.GroupView;
import dev.troth.server.breakdown.GroupList.Requests;
import dev.troth.server.breakdown.GroupList.State;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Grouping.AlertOn;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.TimeSlices;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How the groups of an objective stand, by what is stored: the same at each platform. */
public final class Breakdown {
  private final List<Objective> objectives;
  private final Database database;
  private final InstantSource clock;
  private final Duration watermark;
  private final Memories memories;
  private final BreakdownStore store = new BreakdownStore();

  /** What alerts of an objective and of its groups remember, by the names of {@link GroupKey}. */
  @FunctionalInterface
  public interface Memories {
    Map<String, AlertMemory> of(Handle handle, String objective);
  }

  /**
   * @param watermark windows end so long ago, when requests have all their spans
   */
  public Breakdown(
      List<Objective> objectives,
      Database database,
      InstantSource clock,
      Duration watermark,
      Memories memories) {
    this.objectives = List.copyOf(objectives);
    this.database = database;
    this.clock = clock;
    this.watermark = watermark;
    this.memories = memories;
  }

  /** By what an objective is counted; empty if it is not, or if there is none of the name. */
  public Optional<Grouping> grouping(String name) {
    return objectives.stream()
        .filter(objective -> objective.name().equals(name))
        .findFirst()
        .flatMap(Objective::chain)
        .flatMap(Chain::grouping);
  }

  /** The worst groups of an objective, or one of them. */
  public GroupList of(String name, Optional<String> group, int limit) {
    Objective objective =
        objectives.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new DomainException.NotFound("there is no objective '%s'".formatted(name)));
    Grouping by =
        grouping(name)
            .orElseThrow(() ->
                new DomainException.NotFound(
                    "objective %s has no groups, expected groupBy in its file".formatted(name)));
    Instant now = clock.instant();
    long last = Tally.minute(now.minus(watermark));
    List<GroupView> groups =
        database.read(handle -> {
          Map<String, AlertMemory> alerts = memories.of(handle, name);
          List<GroupView> all = new ArrayList<>();
          store
              .sums(handle, objective, last)
              .forEach((key, sums) -> {
                AlertMemory memory = alerts.get(new GroupKey(name, key).toString());
                all.add(view(objective, by, key, sums, memory));
              });
          return all;
        });
    List<GroupView> wanted =
        groups.stream()
            .filter(one -> group.isEmpty() || one.group().equals(group.get()))
            .sorted(
                Comparator.comparingDouble(GroupView::remaining).thenComparing(GroupView::group))
            .limit(limit)
            .toList();
    return new GroupList(
        now,
        name,
        by.attribute(),
        by.limit(),
        by.alertOn(),
        groups.size(),
        objective.goal().slices().map(Breakdown::note).orElse(null),
        wanted);
  }

  /** Slices of a group would need its counts by the minute, as long as the window. */
  private static String note(TimeSlices slices) {
    return "by requests and without a budget: that is of " + slices.text();
  }

  private static GroupView view(
      Objective objective, Grouping by, String group, Sums sums, @Nullable AlertMemory memory) {
    long total = Math.max(0, sums.total());
    long bad = Math.clamp(sums.bad(), 0, total);
    double allowed = total * objective.goal().budget();
    Budget budget =
        total == 0 || objective.goal().slices().isPresent()
            ? null
            : new Budget(allowed, bad, allowed - bad, 1 - bad / allowed);
    List<Cause> causes = new ArrayList<>();
    // Of equal steps the deepest is where it began.
    for (String step : objective.steps().reversed()) {
      long failed = sums.failed().getOrDefault(step, 0L);
      if (failed > 0 && bad > 0) {
        causes.add(new Cause(step, failed, (double) failed / bad));
      }
    }
    causes.sort(Comparator.comparingLong(Cause::bad).reversed());
    return new GroupView(
        group,
        new Requests(total, total - bad, bad, Math.max(0, sums.unknown())),
        total == 0 ? null : (double) (total - bad) / total,
        budget,
        by.alertOn() == AlertOn.TOTAL ? null : state(memory),
        by.alertOn() == AlertOn.TOTAL || memory == null || memory.incident().isEmpty()
            ? null
            : memory.incident(),
        causes);
  }

  private static State state(@Nullable AlertMemory memory) {
    if (memory == null) {
      return State.OK;
    }
    return memory.page().firing() ? State.PAGE : memory.ticket().firing() ? State.TICKET : State.OK;
  }
}
