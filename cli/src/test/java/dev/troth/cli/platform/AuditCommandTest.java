package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void actsAreListedByTimeUserAndTarget() throws Exception {
    Map<String, String> settings =
        Map.of(
            "data",
            folder.resolve("data").toString(),
            "http.listen",
            "0",
            "registry.listen",
            "off",
            "otlp.http",
            "off",
            "otlp.grpc",
            "off");
    try (Platform platform =
            Main.start(Config.load(Inputs.flagsOnly(settings)), Clock.systemUTC());
        HttpClient client = HttpClient.newHttpClient()) {
      String server = "http://127.0.0.1:" + platform.port("http").orElseThrow();
      assertThat(audit(server).out()).isEqualTo("nobody did anything in that time\n");
      for (int i = 0; i < 5; i++) {
        HttpRequest update =
            HttpRequest.newBuilder(URI.create(server + "/api/update/1"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"value\":\"v" + i + "\"}"))
                .build();
        assertThat(client.send(update, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
      Ran ran = audit(server, "--since", "1h", "--limit", "0");
      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.OK);
      assertThat(ran.out().lines())
          .hasSize(5)
          .allSatisfy(line ->
              assertThat(line)
                  .matches("\\S+Z {2}developer {2}record.updated {2}record/1 {2}\\(value\\)"));
      assertThat(audit(server, "--limit", "2").out().lines()).hasSize(2);
      assertThat(audit(server, "--until", "1h").out()).startsWith("nobody");
      assertThat(audit(server, "--user", "ann").out()).startsWith("nobody");
      assertThat(audit(server, "--target", "record/*", "--format", "json").out())
          .contains("\"what\" : \"record.updated\"", "\"seq\" : 5");
      Ran wrong = audit(server, "--since", "yesterday");
      assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(wrong.err()).contains("--since is 'yesterday', expected such as 24h");
      assertThat(audit(server, "--target", "?").err()).contains("?");
    }
  }

  private static Ran audit(String server, String... more) {
    Object[] args = new Object[more.length + 2];
    args[0] = "--server";
    args[1] = server;
    System.arraycopy(more, 0, args, 2, more.length);
    return Ran.troth("audit", args);
  }
}
