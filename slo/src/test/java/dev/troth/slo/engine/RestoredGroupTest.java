package dev.troth.slo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Grouping.AlertOn;
import org.junit.jupiter.api.Test;

/** A group of which alerts are known and counts are not, as after a long silence. */
final class RestoredGroupTest {
  @Test
  void aGroupOfWhichAlertsWereRestoredButNoCountsEndsThem() {
    GroupsTest groups = new GroupsTest();
    SloEngine engine =
        GroupsTest.engine(GroupsTest.objective(new Grouping("tenant", 100, AlertOn.GROUPS)));
    long fired = GroupsTest.START.getEpochSecond() - 7_200;
    AlertMemory burning =
        new AlertMemory(
            State.PAGE,
            fired,
            new AlertMemory.Alarm(fired, 0, 0),
            AlertMemory.Alarm.QUIET,
            "orders-1-acme",
            fired,
            0,
            0);
    engine
        .objectives()
        .getFirst()
        .groups()
        .orElseThrow()
        .restore("acme", Long.MIN_VALUE, burning, GroupsTest.START.minusSeconds(3_600));
    for (int second = 0; second < 300; second += 5) {
      groups.request(engine, "big", false);
      groups.tick(engine, 5);
    }
    assertThat(groups.told("orders/acme")).hasSize(2);
    assertThat(groups.events).anyMatch(Event.IncidentResolved.class::isInstance);
  }
}
