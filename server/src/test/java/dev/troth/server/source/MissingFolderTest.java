package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator allows sources to read, and is not there. */
final class MissingFolderTest {
  @TempDir Path folder;

  @Test
  void aFolderThatIsNotThereIsSaidAtTheStart() {
    List<Object> said = new CopyOnWriteArrayList<>();
    Handler listener =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getMessage().startsWith("watch.folders") && line.getParameters() != null) {
              said.addAll(List.of(line.getParameters()));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger("troth.source");
    log.addHandler(listener);
    Path gone = folder.resolve("gone");
    try (TestPlatform platform = TestPlatform.start("watch.folders", folder + "," + gone)) {
      assertThat(platform.port()).isPositive();
      assertThat(said).containsExactly(gone);
    } finally {
      log.removeHandler(listener);
    }
  }
}
