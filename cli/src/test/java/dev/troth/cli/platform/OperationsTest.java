package dev.troth.cli.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/operations.md, run one after another by a shell, as an operator would. */
final class OperationsTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\S*)\\n(.*?)^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^##+ (.+)$");
  private static final String MOVE = "Move to PostgreSQL";

  @TempDir Path folder;

  /** One fenced block, with the last heading before it. */
  private record Block(String heading, boolean postgresql, String commands) {}

  private static List<Block> blocks() throws IOException {
    String page =
        Files.readString(
            Path.of(System.getProperty("troth.root", "..")).resolve("docs/operations.md"));
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      assertThat(block.group(1)).as("kind of the block\n%s", block.group(2)).isEqualTo("sh");
      String before = page.substring(0, block.start());
      Matcher heading = HEADING.matcher(before);
      String last = "";
      while (heading.find()) {
        last = heading.group(1);
      }
      blocks.add(new Block(last, before.contains("## " + MOVE), block.group(2)));
    }
    return blocks;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * What the test itself does after a block: writes something, or looks whether it is there.
   *
   * @param first whether it is the first block under its heading
   */
  private static String afterwards(Block block, boolean first) {
    String put =
        "curl -fsS -X PUT -H 'Content-Type: application/json' -d '{\"name\":\"r\",\"value\":\"%s\"}'"
            + " http://127.0.0.1:4000/api/records/%d\n";
    String get = "curl -fsS http://127.0.0.1:4000/api/records/%d | grep -q %s\n";
    String gone =
        "test \"$(curl -s -o gone -w '%%{http_code}' http://127.0.0.1:4000/api/records/%d)\" = 404\n";
    return switch (block.heading()) {
      case "Start" -> put.formatted("kept", 7);
      case "Back up" -> put.formatted("late", block.postgresql() ? 9 : 8);
      case "Stop" -> "! curl -fsS http://127.0.0.1:4000/-/ready\n";
      case "Restore" ->
          get.formatted(7, "kept")
              + gone.formatted(block.postgresql() ? 9 : 8)
              + "test -s troth-data/token.key\n";
      case "Upgrade" -> get.formatted(7, "kept");
      case "Failover" ->
          block.postgresql() ? get.formatted(7, "kept") : "test -s other-data/troth.db\n";
      case MOVE ->
          first
              ? ""
              : "if curl -fsS http://127.0.0.1:4000/-/ready; then %s fi\n"
                  .formatted(get.formatted(7, "kept").replace("\n", ";"));
      default -> "";
    };
  }

  private String run(List<Block> blocks, int port, int postgres) throws Exception {
    StringBuilder script = new StringBuilder("set -euo pipefail\n");
    script.append("trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n");
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      boolean first = i == 0 || !blocks.get(i - 1).heading().equals(block.heading());
      script.append("echo '## %d %s' >&2\n".formatted(i, block.heading()));
      script.append(block.commands()).append(afterwards(block, first));
    }
    script.append("echo '## all'\n");
    String text =
        script
            .toString()
            .replace("127.0.0.1:4000", "127.0.0.1:" + port)
            .replace("//db.example", "//127.0.0.1:" + postgres)
            .replace("PGHOST=db.example", "PGHOST=127.0.0.1")
            .replace("standby.example", "127.0.0.1:1");
    assertThat(text).doesNotContain(".example");
    Path troth = folder.resolve("troth");
    Files.writeString(
        troth,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m \
          --enable-native-access=ALL-UNNAMED -cp "$TEST_CLASS_PATH" dev.troth.cli.Troth "$@"
        """
            .formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
    assertThat(troth.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", text).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("TEST_CLASS_PATH", System.getProperty("java.class.path"));
    builder.environment().put("TROTH_HTTP_LISTEN", Integer.toString(port));
    builder.environment().put("TROTH_REGISTRY_LISTEN", "off");
    builder.environment().put("TROTH_OTLP_HTTP", "off");
    builder.environment().put("TROTH_OTLP_GRPC", "off");
    builder.environment().put("PGPORT", Integer.toString(postgres));
    Path words = folder.resolve("words");
    Process process = builder.redirectOutput(words.toFile()).start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(() -> read(words)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> read(words)).isZero();
    return read(words);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void thePageIsThereAndSpeaksOfBothEngines() throws IOException {
    assertThat(blocks()).extracting(Block::postgresql).contains(true, false);
    assertThat(blocks())
        .extracting(Block::heading)
        .contains("Back up", "Restore", "Upgrade", "Failover", "Sizing", MOVE);
  }

  @Test
  void theCommandsForSqliteDoWhatThePageSays() throws Exception {
    requirePrograms(List.of("bash", "curl", "tail", "grep", "du"));
    List<Block> blocks = blocks().stream().filter(block -> !block.postgresql()).toList();
    String words = run(blocks, freePort(), 1);
    assertThat(words).contains("## all", "troth_server_writes_waiting", "made a new signing key");
  }

  @Test
  void theCommandsForPostgresqlDoWhatThePageSays() throws Exception {
    requirePrograms(List.of("bash", "curl", "tail", "psql", "pg_dump", "pg_restore", "createdb"));
    Optional<Path> programs = DebianPostgres.programs();
    assumeTrue(
        programs.isPresent(),
        "there is no PostgreSQL server of pg_dump's version in /usr/lib/postgresql");
    List<Block> blocks = new ArrayList<>();
    // The move needs a platform that runs on SQLite.
    blocks.add(blocks().getFirst());
    blocks.addAll(blocks().stream().filter(Block::postgresql).toList());
    int port = freePort();
    try (DebianPostgres postgres = DebianPostgres.start(programs.get(), folder.resolve("pg"))) {
      String words = run(blocks, port, postgres.port());
      assertThat(words)
          .contains(
              "## all", "each table has as many there as here", "token.key stays in troth-data");
      Matcher connections = Pattern.compile("count *\\n-+\\n *(\\d+)").matcher(words);
      assertThat(connections.find()).as(words).isTrue();
      assertThat(Integer.parseInt(connections.group(1))).isBetween(1, 11);
    }
  }

  private static void requirePrograms(List<String> programs) {
    List<String> missing =
        programs.stream()
            .filter(program ->
                Stream.of(System.getenv("PATH").split(":"))
                    .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
            .toList();
    assumeTrue(missing.isEmpty(), "programs of docs/operations.md are missing: " + missing);
  }
}
