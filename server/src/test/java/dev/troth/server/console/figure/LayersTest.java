package dev.troth.server.console.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.console.figure.Layers.Way;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void whoIsCalledStandsRightOfWhoCalls() {
    Layers layers =
        Layers.of(
            List.of("a", "b", "c", "d"),
            List.of(new Way("a", "b"), new Way("b", "d"), new Way("a", "d"), new Way("a", "c")));
    assertThat(layers.at("b").x()).isGreaterThan(layers.at("a").x()).isEqualTo(layers.at("c").x());
    assertThat(layers.at("d").x()).isGreaterThan(layers.at("b").x());
    assertThat(layers.at("b").y()).isNotEqualTo(layers.at("c").y());
  }

  @Test
  void circlesEndAndNoTwoBoxesStandInOnePlace() {
    Layers layers =
        Layers.of(
            List.of("a", "b", "c"),
            List.of(new Way("a", "b"), new Way("b", "c"), new Way("c", "a"), new Way("a", "a")));
    assertThat(new HashSet<>(layers.places().values())).hasSize(3);
    layers
        .places()
        .values()
        .forEach(place -> assertThat(place.x()).isBetween(0, layers.width() - 200));
  }
}
