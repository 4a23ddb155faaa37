package dev.troth.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Rows of a real PostgreSQL server, watched by commands. */
final class RowsCommandTest {
  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private static Ran source(Platform platform, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("watch", "source"));
    all.addAll(List.of(args));
    all.add("--server");
    all.add("http://127.0.0.1:" + platform.port("http").orElseThrow());
    return new Ran(troth.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  @Test
  void rowsAreAddedShownTestedAndRemoved() throws Exception {
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
            "off",
            "watch.webhooks.allow",
            "127.0.0.1/32");
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder().setServerConfig("wal_level", "logical").start();
        Platform platform = Main.start(Config.load(Inputs.flagsOnly(settings)), Clock.systemUTC());
        Connection database = server.getPostgresDatabase().getConnection()) {
      database.createStatement().execute("CREATE TABLE orders (id INT PRIMARY KEY, status TEXT)");
      String url = "postgresql://postgres@127.0.0.1:%d/postgres".formatted(server.getPort());
      Ran none = source(platform, "add", "shop", "--postgres", url, "--table", "public.none");
      assertThat(none.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(none.err()).contains("table public.none is not there");
      Ran added = source(platform, "add", "shop", "--postgres", url, "--table", "public.orders");
      assertThat(added.exit()).as(added.err()).isZero();
      assertThat(added.out())
          .isEqualTo("source shop  new  table  %s  never seen  0 changes\n".formatted(url));
      database.createStatement().execute("INSERT INTO orders VALUES (7, 'open')");
      await()
          .untilAsserted(() ->
              assertThat(source(platform, "list").out())
                  .startsWith("shop  ok  table  ")
                  .contains("  1 changes  streaming, ", " bytes wait  last change "));
      assertThat(source(platform, "show", "shop").out())
          .contains("\"slot\" : \"troth_shop\"", "\"identity\" : \"key\"");
      assertThat(source(platform, "test", "shop").out())
          .startsWith("works: streaming, ")
          .contains("  public.orders: key");
      assertThat(source(platform, "remove", "shop").out()).isEqualTo("removed source shop\n");
      assertThat(source(platform, "remove", "shop").err()).contains("source shop does not exist");
    }
  }
}
