package dev.troth.observe.span;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceParentTest {
  private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void readsAValidHeader() {
    TraceParent context = TraceParent.parse(VALID).orElseThrow();
    assertThat(context.high()).isEqualTo(0x0af7651916cd43ddL);
    assertThat(context.low()).isEqualTo(0x8448eb211c80319cL);
    assertThat(context.span()).isEqualTo(0xb7ad6b7169203331L);
    assertThat(context.sampled()).isTrue();
    assertThat(TraceParent.parse("cc" + VALID.substring(2) + "-later")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      })
  void passesOverWhatIsNotValid(String header) {
    assertThat(TraceParent.parse(header)).isEmpty();
  }
}
