package dev.troth.cli.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SloTextTest {
  @Test
  void namesOfSpansNeitherSteerATerminalNorForgeALine() {
    assertThat(
            SloText.aligned(
                List.of(List.of("TIME", "NAME"), List.of("1", "GET \u001b[31mX\r\nfake\u202e"))))
        .containsExactly("TIME  NAME", "1     GET \\u001b[31mX\\u000d\\u000afake\\u202e");
  }

  @Test
  void reasonsOfHoldsNeitherSteerATerminalNorForgeALine() {
    var hold =
        new ObjectiveAnswer.Hold(
            "ada", "2026-01-01T00:00:00Z", "\u001b]0;pwn\u0007 hi\nfake", "page");
    assertThat(SloText.held(hold, null))
        .containsExactly(
            "  acknowledged by ada until 2026-01-01T00:00:00Z:"
                + " \\u001b]0;pwn\\u0007 hi\\u000afake");
  }
}
