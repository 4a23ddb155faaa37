package dev.troth.server.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.slo.ContractObjectives.Promise;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ContractObjectivesTest {
  @Test
  void availabilityAndLatencyBecomeObjectives() {
    List<Objective> objectives =
        ContractObjectives.of(
            new Promise(
                "order_placed",
                Optional.of(new BigDecimal("99.9")),
                Optional.of(Duration.ofMillis(200))));
    assertThat(objectives)
        .extracting(Objective::name)
        .containsExactly("contract.order-placed", "contract.order-placed-latency");
    assertThat(objectives.getFirst().goal().target()).isEqualTo(0.999);
    assertThat(objectives.getLast().measure())
        .isInstanceOfSatisfying(
            Measure.Latency.class,
            latency -> assertThat(latency.threshold()).isEqualTo(Duration.ofMillis(200)));
  }

  @Test
  void aContractWithoutPromisesHasNoObjectives() {
    assertThat(ContractObjectives.of(new Promise("x", Optional.empty(), Optional.empty())))
        .isEmpty();
  }

  @Test
  void aHundredPercentCannotBeHeld() {
    Promise promise = new Promise("x", Optional.of(new BigDecimal("100")), Optional.empty());
    assertThatThrownBy(() -> ContractObjectives.of(promise))
        .hasMessageContaining("target is 1.0, expected above 0 and below 1");
  }
}
