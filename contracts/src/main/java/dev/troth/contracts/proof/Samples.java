package dev.troth.contracts.proof;

import dev.troth.contracts.format.Format;
import java.util.List;

/** Texts that show formats: each of some format, so that one may be found that has it. */
final class Samples {
  private static final List<String> TEXTS =
      List.of(
          "2024-02-29",
          "2024-02-29T12:00:00Z",
          "12:00:00Z",
          "P1D",
          "a@example.com",
          "example.com",
          "a",
          "127.0.0.1",
          "::1",
          "https://example.com/a?b=c#d",
          "/a",
          "/a/{b}",
          "0/a",
          "123e4567-e89b-12d3-a456-426614174000",
          "^a+$",
          "");

  private Samples() {}

  static List<String> of(Format format) {
    return TEXTS.stream().filter(format::test).toList();
  }
}
