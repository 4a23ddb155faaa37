package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.json.file.YamlWriter;
import dev.troth.server.objective.ContractObjectives.Promise;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({"order_placed, 99.95, PT0.2S", "Order.Placed-v2, 99.9, ", "a, , PT2H"})
  void theFileGivesTheSameObjectives(String name, BigDecimal availability, Duration latency) {
    Promise promise =
        new Promise(name, Optional.ofNullable(availability), Optional.ofNullable(latency));
    String text = YamlWriter.write(ContractObjectiveFile.of(promise));
    Loaded loaded = ObjectiveFiles.read(Map.of("contract.yaml", text));
    assertThat(loaded.problems()).as(text).isEmpty();
    List<Objective> expected = ContractObjectives.of(promise);
    assertThat(loaded.objectives()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      Objective objective = loaded.objectives().get(i);
      assertThat(objective.title()).isEqualTo(expected.get(i).title());
      assertThat(objective.goal()).isEqualTo(expected.get(i).goal());
      assertThat(objective.rules()).isEqualTo(expected.get(i).rules());
      assertThat(objective.measure()).isEqualTo(expected.get(i).measure());
    }
  }

  @Test
  void lessThanAMillisecondCannotBeWritten() {
    Promise promise = new Promise("x", Optional.empty(), Optional.of(Duration.ofNanos(1_500_000)));
    assertThatThrownBy(() -> ContractObjectiveFile.of(promise))
        .hasMessage("latency is PT0.0015S, expected whole milliseconds");
  }

  @Test
  void withoutAPromiseThereIsNoFile() {
    Promise promise = new Promise("x", Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> ContractObjectiveFile.of(promise))
        .hasMessage("the contract x promises neither availability nor latency");
  }

  @Test
  void aHundredPercentCannotBeHeld() {
    Promise promise = new Promise("x", Optional.of(new BigDecimal("100")), Optional.empty());
    assertThatThrownBy(() -> ContractObjectives.of(promise))
        .hasMessageContaining("target is 1.0, expected above 0 and below 1");
  }
}
