package dev.troth.watch.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys of rows within the names of subjects. */
final class RowKeyTest {
  @Test
  void noKeyLeadsElsewhereInAnAddressAndDifferentOnesStayDifferent() {
    assertThat(RowKey.of(List.of(".."))).isEqualTo("%2E%2E");
    assertThat(RowKey.of(List.of(".", "a"))).isEqualTo("%2E/a");
    assertThat(RowKey.of(List.of("%2E%2E"))).isEqualTo("%252E%252E");
    assertThat(RowKey.of(List.of("..."))).isEqualTo("...");
    assertThat(RowKey.of(List.of("a.b"))).isEqualTo("a.b");
    assertThat(RowKey.of(List.of(""))).isEqualTo("%");
  }
}
