package dev.troth.gate.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepsTest {
  @TempDir private Path folder = Path.of("");
  private int done;

  @Test
  void aStepIsDoneOnceForAKey() throws Exception {
    step("one");
    step("one");
    assertThat(done).isEqualTo(1);
    step("two");
    assertThat(done).isEqualTo(2);
    step("one");
    assertThat(done).isEqualTo(3);
  }

  @Test
  void aStepWhoseOutputIsGoneIsDoneAgain() throws Exception {
    step("one");
    Files.delete(folder.resolve("output"));
    step("one");
    assertThat(done).isEqualTo(2);
  }

  @Test
  void aStepThatFailedIsDoneAgainThoughItsOutputIsThere() throws Exception {
    step("one");
    assertThatThrownBy(() ->
            new Steps(folder)
                .run(
                    "step",
                    "two",
                    outputs(),
                    () -> {
                      throw new BuildException("no");
                    }))
        .hasMessage("no");
    step("one");
    assertThat(done).isEqualTo(2);
  }

  @Test
  void whatRunsSideBySideFailsWithItsOwnWords() {
    assertThatThrownBy(() ->
            Steps.sideBySide(
                List.of(
                    () -> done++,
                    () -> {
                      throw new BuildException("the compiler says no");
                    })))
        .isInstanceOf(BuildException.class)
        .hasMessage("the compiler says no");
    assertThat(done).isEqualTo(1);
  }

  private void step(String key) throws IOException {
    new Steps(folder)
        .run(
            "step",
            key,
            outputs(),
            () -> {
              done++;
              Files.writeString(folder.resolve("output"), key);
            });
  }

  private List<Path> outputs() {
    return List.of(folder.resolve("output"));
  }
}
