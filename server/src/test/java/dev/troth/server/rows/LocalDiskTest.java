package dev.troth.server.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work on files that hang. */
final class LocalDiskTest {
  @Test
  void whatIsDoneHasAThreadOfItsOwnAndFailsAsItFails() throws IOException {
    assertThat(LocalDisk.within("/a", () -> Thread.currentThread().isVirtual())).isFalse();
    assertThatThrownBy(() ->
            LocalDisk.within(
                "/a",
                () -> {
                  throw new AccessDeniedException("/a");
                }))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  @Timeout(60)
  void whatHangsIsGivenUpAndThereIsAnEndToIt() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<String> said = new ArrayList<>();
    try {
      for (int i = 0; i < 65; i++) {
        assertThatThrownBy(() ->
                LocalDisk.within(
                    "/net/a",
                    Duration.ofMillis(1),
                    () -> {
                      end.await();
                      return 1;
                    }))
            .isInstanceOf(StreamFailure.class)
            .satisfies(failure -> said.add(((StreamFailure) failure).detail()));
      }
      assertThat(said.subList(0, 64)).allMatch(text -> text.startsWith("/net/a did not answer"));
      assertThat(said.getLast()).contains("too many files of this machine do not answer");
    } finally {
      end.countDown();
    }
  }
}
