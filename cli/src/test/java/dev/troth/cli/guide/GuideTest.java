package dev.troth.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The notation of guides: what a page may say, and what counts as the same print. */
final class GuideTest {
  private static Guide guide(String text) {
    return Guide.parse("page.md", text.lines().toList());
  }

  @Test
  void blocksOfASceneAreInOrderAndMarkedOnesAreLeftOut() {
    Guide guide =
        guide(
            """
            ```console
            $ ls
            ```
            <!-- scene: other -->
            ```sh
            ls
            ```
            <!-- not run: needs root -->
            ```sh
            sudo ls
            ```
            ```console
            $ pwd
            ```
            ```yaml
            a: 1
            ```
            """);
    assertThat(guide.problems()).isEmpty();
    assertThat(guide.scenes().keySet()).containsExactly("main", "other");
    assertThat(guide.scenes().get("main")).extracting(Guide.Block::line).containsExactly(1, 12);
  }

  @Test
  void aMarkWithoutABlockAndABlockThatEscapesAreProblems() {
    assertThat(guide("<!-- not run: needs root -->\ntext\n").problems())
        .containsExactly("page.md:1: 'not run' without a block after it");
    assertThat(guide("<!-- not run:  -->\n```sh\nls\n```\n").problems())
        .containsExactly("page.md:1: 'not run' says nothing");
    assertThat(guide("<!-- never run: why -->\n").problems()).hasSize(1);
    assertThat(guide("```\n./troth up\n```\n").problems()).hasSize(1);
    assertThat(guide("```text\n$ ./troth up\n```\n").problems()).hasSize(1);
    assertThat(guide("```console\n./troth up\n```\n").problems()).hasSize(1);
    assertThat(guide("<!-- scene: a -->\n```yaml\na: 1\n```\n").problems()).hasSize(1);
    assertThat(guide("Then:\n\n    $ ./troth up\n").problems()).hasSize(1);
  }

  @Test
  void aCommandGoesOnWhileAQuoteIsOpenOrALineEndsWithABackslash() {
    Guide.Block block =
        guide("```console\n$ echo 'a\n  b' \\\n    c\na\n  b c\n$ ls      # it's all\n^C\n```\n")
            .blocks()
            .getFirst();
    assertThat(Step.of(block))
        .containsExactly(
            new Step(2, "echo 'a\n  b' \\\n    c", List.of("a", "  b c"), true),
            new Step(7, "ls      # it's all", List.of(), true),
            new Step(8, "^C", List.of(), true));
  }

  @Test
  void onlyWhatTheNotationNamesMayDiffer() {
    Printed printed =
        new Printed(List.of("id … at 2026-01-31T09:30:00Z, 1 (a|b)", "…", "2 errors"));
    assertThat(printed.matches("id 7 at 2026-11-30 18:00:01, 1 (a|b)\nx\ny\n2 errors\n")).isTrue();
    assertThat(printed.matches("id 7 at 2026-11-30 18:00:01, 1 (a|b)\n2 errors\n")).isTrue();
    assertThat(printed.matches("id 7 at noon, 1 (a|b)\n2 errors\n")).isFalse();
    assertThat(printed.matches("id 7 at 2026-11-30 18:00:01, 2 (a|b)\n2 errors\n")).isFalse();
    assertThat(printed.matches("id 7 at 2026-11-30 18:00:01, 1 (a|b)\n2 errors\nmore\n")).isFalse();
    assertThat(new Printed(List.of()).matches("a line")).isFalse();
  }
}
