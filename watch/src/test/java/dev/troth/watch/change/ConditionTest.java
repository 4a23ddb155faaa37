package dev.troth.watch.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.watch.change.Condition.Turn;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What begins, what ends it, and what is neither. */
final class ConditionTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static Condition of(String type, String before, String after) {
    return Condition.of(
        new Change(
            1,
            1,
            NOON,
            NewChange.of(Subject.parse("slo/orders"), type, "slo")
                .before(Fields.of("alert", before))
                .after(Fields.of("alert", after))));
  }

  private static Condition of(String type) {
    return Condition.of(new Change(1, 1, NOON, NewChange.of(Subject.parse("a/1"), type, "x")));
  }

  @Test
  void anAlertsEndHasTheKeyOfItsBeginningAndNoOther() {
    Condition page = of("alert.fired", "none", "page");
    assertThat(page).isEqualTo(new Condition(Turn.BEGINS, "alert page", "slo/orders alert page"));
    assertThat(of("alert.resolved", "page", "none").key()).isEqualTo(page.key());
    assertThat(of("alert.resolved", "page", "none").turn()).isEqualTo(Turn.ENDS);
    assertThat(of("alert.fired", "none", "ticket").key()).isNotEqualTo(page.key());
    assertThat(of("budget.crossed").key()).isEqualTo(of("budget.recovered").key());
    assertThat(of("agent.silent").key()).isEqualTo(of("agent.reporting").key());
    assertThat(of("payment_failed").key()).isEqualTo(of("payment_succeeded").key());
  }

  @Test
  void whatNeitherBeginsNorEndsIsAboutItsSubject() {
    for (String type : new String[] {"record.updated", "fired", ".fired", "order_placed"}) {
      assertThat(of(type)).isEqualTo(new Condition(Turn.NEITHER, "", "a/1"));
    }
  }

  @Test
  void anAlertIsOutdatedByItsOwnEndAloneAndOtherNewsByAnything() {
    Condition page = of("alert.fired", "none", "page");
    assertThat(of("alert.resolved", "page", "none").outdates(page)).isTrue();
    assertThat(of("budget.crossed", "x", "x").outdates(page)).isFalse();
    assertThat(page.outdates(of("slo.state"))).isTrue();
  }
}
