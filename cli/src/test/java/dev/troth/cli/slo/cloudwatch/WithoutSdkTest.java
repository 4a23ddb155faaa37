package dev.troth.cli.slo.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The SDK of AWS costs only the command that asks CloudWatch: no other needs a class of it. */
final class WithoutSdkTest {
  @Test
  void aBacktestOverFilesRunsWhereTheSdkIsNotThere() throws Exception {
    Path example =
        Path.of(System.getProperty("troth.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("examples/serverless");
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("awssdk") && !entry.contains("amazon")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      String objectives = example.resolve("slo.yaml").toString();
      String counts = example.resolve("truth.csv.gz").toString();
      assertThat(run(loader, "slo", "backtest", objectives, counts)).isEqualTo(0);
      // The same loader cannot ask CloudWatch, so the SDK was really away.
      assertThatThrownBy(() ->
              run(
                  loader,
                  "slo",
                  "backtest",
                  objectives,
                  "--cloudwatch",
                  "--from",
                  "2026-10-01T00:00:00Z",
                  "--to",
                  "2026-10-01T01:00:00Z"))
          .hasRootCauseInstanceOf(ClassNotFoundException.class);
    }
  }

  private static Object run(ClassLoader loader, String... args) throws Exception {
    Object line =
        loader
            .loadClass("dev.troth.cli.Troth")
            .getMethod("commandLine", String[].class)
            .invoke(null, (Object) args);
    return line.getClass().getMethod("execute", String[].class).invoke(line, (Object) args);
  }
}
