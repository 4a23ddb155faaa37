package dev.troth.slo.engine;

import static dev.troth.slo.ObjectivesForTests.chain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.ObjectivesForTests;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.AttributeTest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Chain.Sampling;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Grouping.AlertOn;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.SpanMatch;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Requests counted by an attribute, against a count by hand and an objective of one value. */
final class GroupsTest {
  static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final List<Condition> CONDITIONS =
      List.of(
          new Condition(Severity.PAGE, Duration.ofMinutes(1), Duration.ofMinutes(5), 6),
          new Condition(Severity.TICKET, Duration.ofMinutes(5), Duration.ofMinutes(30), 3));

  final List<Event> events = new ArrayList<>();
  private Instant now = START;
  private long traces;

  static Objective objective(Grouping grouping) {
    Chain plain = chain(2, Retries.STRICT, Missing.BAD);
    return objective("orders", plain.steps(), Optional.of(grouping));
  }

  private static Objective objective(String name, List<Step> steps, Optional<Grouping> grouping) {
    Chain chain = new Chain(steps, Retries.STRICT, Missing.BAD, Sampling.NONE, grouping);
    return new Objective(
        new Objective.Title(name, name, name, ""),
        new Measure.Requests(chain, CountingMethod.EXACT),
        new Goal(0.99, ObjectivesForTests.MONTH),
        new Objective.Rules(AlertPolicy.of(CONDITIONS), List.of(), BudgetPolicy.DEFAULT));
  }

  static SloEngine engine(Objective... objectives) {
    List<ObjectiveEngine> engines = new ArrayList<>();
    for (Objective objective : objectives) {
      engines.add(
          new ObjectiveEngine(
              objective, AlertMemory.fresh(START.getEpochSecond()), START.minusSeconds(3_600)));
    }
    return new SloEngine(engines, Limits.DEFAULT);
  }

  private static Span span(String trace, long id, String name, Instant end, boolean error) {
    return ObjectivesForTests.span(
        trace, id, name, end.toEpochMilli() - 5, end.toEpochMilli(), error);
  }

  private static Span with(Span span, String tenant) {
    return new Span(
        span.ids(),
        span.place(),
        span.time(),
        span.error(),
        tenant.isEmpty() ? Map.of() : Map.of("tenant", tenant),
        span.weight());
  }

  void request(SloEngine engine, String tenant, boolean bad) {
    String trace = "t" + traces++;
    engine.accept(with(span(trace, 1, "s0", now, false), tenant), now);
    // What another step says of a tenant is not asked.
    engine.accept(with(span(trace, 2, "s1", now, bad), "of-a-step"), now);
  }

  void tick(SloEngine engine, int seconds) {
    now = now.plusSeconds(seconds);
    events.addAll(engine.tick(now));
  }

  @Test
  void groupsEqualACountByHandWhateverIsLateCorrectedOrJudgedElsewhere() {
    Property.of("groups equal a count by hand").runs(60, 5_000).check(GroupsTest::oneRun);
  }

  private record Arrival(long at, Span span) {}

  private static void oneRun(RandomGenerator random) {
    int limit = random.nextInt(1, 8);
    Objective objective = objective(new Grouping("tenant", limit, AlertOn.TOTAL));
    List<String> tenants = List.of("", "acme", "b/c", "(none)", "x\n", "long".repeat(90), "d", "e");
    Map<String, long[]> truth = new TreeMap<>();
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String tenant = tenants.get(random.nextInt(tenants.size()));
      boolean bad = random.nextInt(3) == 0;
      Instant end = START.plusMillis(random.nextInt(600_000));
      // Of some the second step comes when the request was judged, as missing, already.
      long late = random.nextInt(4) == 0 ? random.nextInt(1_000_000) : random.nextInt(1_000);
      arrivals.add(
          new Arrival(end.toEpochMilli(), with(span("t" + i, 1, "s0", end, false), tenant)));
      arrivals.add(
          new Arrival(end.toEpochMilli() + late, with(span("t" + i, 2, "s1", end, bad), "other")));
      String name = tenant.isEmpty() ? Grouping.NONE : Grouping.named(tenant);
      long[] counts = truth.computeIfAbsent(name, one -> new long[3]);
      counts[0]++;
      counts[1] += bad ? 1 : 0;
      counts[2] += bad ? 1 : 0;
    }
    arrivals.sort((a, b) -> Long.compare(a.at, b.at));
    Map<String, long[]> whole = counted(objective, arrivals, -1);
    check(whole, truth, limit);
    same(counted(objective, arrivals, random.nextInt(arrivals.size())), whole);
    Map<String, long[]> parts = inParts(objective, arrivals, random.nextInt(1, 4));
    check(parts, truth, limit);
  }

  /** All sums are right, at most so many values have groups, and of those nothing is lost. */
  private static void check(Map<String, long[]> found, Map<String, long[]> truth, int limit) {
    long named =
        found.keySet().stream()
            .filter(name -> !name.equals(Grouping.NONE) && !name.equals(Grouping.OTHERS))
            .count();
    assertThat(named).isLessThanOrEqualTo(limit);
    long[] others = new long[3];
    truth.forEach((name, counts) -> {
      if (found.containsKey(name)) {
        assertThat(found.get(name)).as(name).isEqualTo(counts);
      } else {
        for (int i = 0; i < 3; i++) {
          others[i] += counts[i];
        }
      }
    });
    assertThat(found.getOrDefault(Grouping.OTHERS, new long[3])).isEqualTo(others);
  }

  private static void same(Map<String, long[]> one, Map<String, long[]> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach((name, counts) -> assertThat(counts).as(name).isEqualTo(other.get(name)));
  }

  /** Counts, and begins anew from what is stored after some arrivals. */
  private static Map<String, long[]> counted(
      Objective objective, List<Arrival> arrivals, int restartAfter) {
    StoredGroups stored = new StoredGroups();
    SloEngine engine = engine(objective);
    Instant tick = START;
    for (int i = 0; i < arrivals.size(); i++) {
      for (; tick.toEpochMilli() <= arrivals.get(i).at; tick = tick.plusSeconds(10)) {
        engine.tick(tick);
        stored.take(engine.objectives().getFirst());
      }
      if (i == restartAfter) {
        SloEngine next = engine(objective);
        stored.restore(next.objectives().getFirst(), START);
        // What came after the last tick was never judged.
        Instant cursor = tick.minusSeconds(10);
        boolean isThere = false;
        for (Arrival before : arrivals.subList(0, i)) {
          Instant judged = Instant.ofEpochMilli(before.at / 10_000 * 10_000);
          if (!isThere) {
            next.rejoin(judged.isBefore(cursor) ? judged : cursor);
            isThere = !judged.isBefore(cursor);
          }
          next.accept(before.span, Instant.ofEpochMilli(before.at));
        }
        if (!isThere) {
          next.rejoin(cursor);
        }
        engine = next;
      }
      engine.accept(arrivals.get(i).span, Instant.ofEpochMilli(arrivals.get(i).at));
    }
    engine.tick(tick.plus(Duration.ofMinutes(5)));
    stored.take(engine.objectives().getFirst());
    return stored.counts;
  }

  private static Map<String, long[]> inParts(
      Objective objective, List<Arrival> arrivals, int parts) {
    List<RequestSums> joins = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      joins.add(new RequestSums(List.of(objective), Limits.DEFAULT));
    }
    SloEngine engine = engine(objective);
    for (Arrival arrival : arrivals) {
      int part = Math.floorMod(arrival.span.ids().trace().hashCode(), parts);
      var _ = joins.get(part).accept(arrival.span, Instant.ofEpochMilli(arrival.at));
      joins.get(part).settle(Instant.ofEpochMilli(arrival.at));
    }
    StoredGroups stored = new StoredGroups();
    for (RequestSums join : joins) {
      join.settle(START.plus(Duration.ofHours(1)));
      join.sums().forEach((name, sum) -> engine.add(name, sum.pending(), sum.sampled()));
    }
    stored.take(engine.objectives().getFirst());
    return stored.counts;
  }

  @Test
  void aGroupAlertsWhenAnObjectiveOfItsRequestsAloneWould() {
    Property.of("a group alerts as an objective of its own").runs(3, 60).check(this::alertsAlike);
  }

  private void alertsAlike(RandomGenerator random) {
    now = START;
    events.clear();
    Chain plain = chain(2, Retries.STRICT, Missing.BAD);
    Step entry = plain.steps().getFirst();
    SpanMatch acme =
        new SpanMatch(
            entry.match().service(),
            entry.match().name(),
            entry.match().kind(),
            List.of(new AttributeTest.Is("tenant", "acme")));
    Step only = new Step("s0", acme, List.of(), List.of(), entry.traits());
    SloEngine engine =
        engine(
            objective(new Grouping("tenant", 100, AlertOn.GROUPS)),
            objective("acme", List.of(only, plain.steps().getLast()), Optional.empty()));
    int from = random.nextInt(300, 900);
    int to = from + random.nextInt(60, 900);
    for (int second = 0; second < 3_600; second += 5) {
      // A fortieth of the traffic: all of it lost is 2.5 % of all, below both conditions.
      for (int i = 0; i < 39; i++) {
        request(engine, "big" + i % 5, false);
      }
      boolean bad = second >= from && second < to && random.nextInt(10) < 9;
      request(engine, "acme", bad || random.nextInt(400) == 0);
      tick(engine, 5);
    }
    List<String> group = told("orders/acme");
    assertThat(group).isEqualTo(told("acme")).isNotEmpty();
    assertThat(told("orders")).isEmpty();
  }

  /** What was told of alerts: when, what, and how bad. */
  List<String> told(String objective) {
    List<String> told = new ArrayList<>();
    for (Event event : events) {
      if (event.objective().equals(objective)) {
        switch (event) {
          case Event.AlertFired fired ->
              told.add(fired.at() + " fired " + fired.severity() + " " + fired.evidence());
          case Event.AlertResolved resolved ->
              told.add(resolved.at() + " resolved " + resolved.severity());
          case Event.IncidentOpened opened -> told.add(opened.at() + " opened");
          case Event.IncidentResolved resolved -> told.add(resolved.at() + " closed");
          case Event.StateChanged _,
              Event.TelemetryLost _,
              Event.TelemetryBack _,
              Event.BudgetCrossed _,
              Event.GroupsFull _ -> {}
        }
      }
    }
    return told;
  }

  @Test
  void whileTheWholePagesNoGroupSaysTheSameAndWhatStillBurnsAfterItDoes() {
    SloEngine engine = engine(objective(new Grouping("tenant", 100, AlertOn.GROUPS)));
    for (int second = 0; second < 3_000; second += 5) {
      boolean all = second >= 600 && second < 1_200;
      for (int i = 0; i < 40; i++) {
        request(engine, "big" + i % 4, all);
      }
      request(engine, "acme", second >= 600 && second < 2_700);
      tick(engine, 5);
    }
    List<Instant> pages = fired("orders", Severity.PAGE);
    assertThat(pages).hasSize(1);
    for (int i = 0; i < 4; i++) {
      assertThat(fired("orders/big" + i, Severity.PAGE)).isEmpty();
    }
    Instant over =
        events.stream()
            .filter(event ->
                event instanceof Event.AlertResolved resolved
                    && resolved.severity() == Severity.PAGE
                    && resolved.objective().equals("orders"))
            .map(Event::at)
            .findFirst()
            .orElseThrow();
    assertThat(fired("orders/acme", Severity.PAGE))
        .singleElement()
        .satisfies(at -> assertThat(at).isBetween(over, over.plusSeconds(5)));
  }

  private List<Instant> fired(String objective, Severity severity) {
    return events.stream()
        .filter(event ->
            event instanceof Event.AlertFired fired
                && fired.severity() == severity
                && fired.objective().equals(objective))
        .map(Event::at)
        .toList();
  }

  @Test
  void aGroupThatFallsSilentEndsItsAlertsAndTwoIncidentsOfOneMinuteHaveTwoNames() {
    SloEngine engine = engine(objective(new Grouping("tenant", 100, AlertOn.GROUPS)));
    for (int second = 0; second < 3_600; second += 5) {
      for (int i = 0; i < 80; i++) {
        request(engine, "big", false);
      }
      // Java gives both names one hash.
      if (second < 600) {
        request(engine, "Aa", second > 300);
        request(engine, "BB", second > 300);
      }
      tick(engine, 5);
    }
    List<String> opened = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    events.forEach(event -> {
      if (event instanceof Event.IncidentOpened one) {
        opened.add(one.incident());
      } else if (event instanceof Event.IncidentResolved one) {
        closed.add(one.incident());
      }
    });
    assertThat(opened).hasSize(2).doesNotHaveDuplicates();
    assertThat(closed).containsExactlyInAnyOrderElementsOf(opened);
  }

  @Test
  void aHundredThousandValuesHaveAHundredGroupsAndThatIsToldOnce() {
    SloEngine engine = engine(objective(new Grouping("tenant", 100, AlertOn.TOTAL)));
    StoredGroups stored = new StoredGroups();
    for (int i = 0; i < 100_000; i++) {
      request(engine, "tenant-" + i, false);
      if (i % 1_000 == 0) {
        tick(engine, 10);
        stored.take(engine.objectives().getFirst());
      }
    }
    tick(engine, 300);
    stored.take(engine.objectives().getFirst());
    assertThat(stored.counts).hasSize(101);
    assertThat(stored.counts.get(Grouping.OTHERS)).startsWith(99_900);
    assertThat(events.stream().filter(Event.GroupsFull.class::isInstance))
        .singleElement()
        .isInstanceOfSatisfying(
            Event.GroupsFull.class,
            full -> {
              assertThat(full.limit()).isEqualTo(100);
              assertThat(full.value()).isEqualTo("tenant-100");
            });
  }

  @Test
  void aPlaceThatIsFreeAgainIsForTheNextValueFromThenOn() {
    SloEngine engine = engine(objective(new Grouping("tenant", 1, AlertOn.TOTAL)));
    StoredGroups stored = new StoredGroups();
    request(engine, "old", false);
    // Without its second step it is bad until that comes.
    Instant first = now;
    engine.accept(with(span("late", 1, "s0", first, false), "new"), now);
    tick(engine, 300);
    stored.take(engine.objectives().getFirst());
    assertThat(stored.counts.get(Grouping.OTHERS)).containsExactly(1, 1, 1);
    engine.objectives().getFirst().groups().orElseThrow().forget("old");
    request(engine, "new", true);
    tick(engine, 300);
    engine.accept(with(span("late", 2, "s1", first, false), "of-a-step"), now);
    tick(engine, 10);
    stored.take(engine.objectives().getFirst());
    assertThat(stored.counts.get(Grouping.OTHERS)).containsExactly(1, 0, 0);
    assertThat(stored.counts.get("new")).containsExactly(1, 1, 1);
    assertThat(stored.since.get("new")).isEqualTo(START.getEpochSecond() / 60 + 1);
  }
}
