package dev.troth.cli.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.cli.Troth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where "/" is a folder and no mount, as after chroot: nothing there has a FileStore. */
class ChangedRootTest {
  /** A folder as root, with the machine's own folders below it and a new, plain /plain. */
  private static final String CHANGED =
      """
      mkdir "$1/plain"
      for entry in /*; do
        if [ -L "$entry" ]; then cp -P "$entry" "$1/"; continue; fi
        [ -d "$entry" ] && mkdir "$1$entry" && mount --rbind "$entry" "$1$entry" 2>/dev/null || true
      done
      root=$1; shift
      exec chroot "$root" "$@"
      """;

  /** Asks a platform for its readiness and ends it. */
  private static final String READY =
      """
      "$@" >/plain/out 2>&1 & pid=$!
      trap 'kill $pid' EXIT
      for i in $(seq 600); do grep -q '^troth is ready at' /plain/out && break; sleep 0.1; done
      port=$(sed -n 's|^troth is ready at http://127.0.0.1:\\([0-9]*\\).*|\\1|p' /plain/out)
      exec 4<>"/dev/tcp/127.0.0.1/$port"
      printf 'GET /-/ready HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n' >&4
      timeout 20 cat <&4
      """;

  @TempDir Path folder;

  private String run(List<String> command) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("unshare", "-m", "bash", "-c", CHANGED, "sh", folder.toString()));
    all.addAll(command);
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return said;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static List<String> troth(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Troth.class.getName()));
    command.addAll(List.of(arguments));
    for (String listener : List.of("http", "registry", "otlp-http", "otlp-grpc")) {
      String option = listener.startsWith("otlp") ? listener : listener + "-listen";
      command.addAll(List.of("--" + option, "0"));
    }
    return command;
  }

  private static void requirePrivilege() {
    assumeTrue("root".equals(System.getProperty("user.name")), "chroot needs root");
  }

  @Test
  @Timeout(120)
  void doctorLooksAtADataFolderThere() throws Exception {
    requirePrivilege();
    assertThat(run(troth("doctor", "--data", "/plain/data")))
        .containsPattern("(?m)^data folder +ok +/plain/data")
        .containsPattern("(?m)^file system +ok +of no mount that can be seen from here")
        .endsWith("The platform can run here.\n");
  }

  @Test
  @Timeout(120)
  void aPlatformIsReadyThere() throws Exception {
    requirePrivilege();
    List<String> command = new ArrayList<>(List.of("bash", "-c", READY, "sh"));
    command.addAll(troth("up", "--data", "/plain/data"));
    assertThat(run(command)).startsWith("HTTP/1.1 200");
  }
}
