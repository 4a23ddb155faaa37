package dev.troth.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class WatchCommandTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Platform platform;

  @BeforeEach
  void start() {
    platform =
        Main.start(
            Config.load(
                Inputs.flagsOnly(
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
                        "off"))),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + platform.port("http").orElseThrow());
  }

  /** What a command came to. */
  private record Ran(int exit, String out, String err) {}

  private Ran watch(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("watch"));
    Collections.addAll(all, args);
    all.addAll(List.of("--server", address().toString()));
    int exit = troth.execute(all.toArray(String[]::new));
    return new Ran(exit, out.toString(), err.toString());
  }

  private void update(String value) {
    new ApiClient(address(), Optional.empty()).post("/api/update/1", Map.of("value", value));
  }

  @Test
  void whatIsReplayedIsChosenByChannelAndRange() {
    for (String[] chosen :
        new String[][] {{}, {"--channel", "webhook/ops"}, {"--after", "1", "--before", "100"}}) {
      List<String> all = new ArrayList<>(List.of("replay"));
      Collections.addAll(all, chosen);
      Ran ran = watch(all.toArray(String[]::new));
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(ran.out()).isEqualTo("0 dead letters are delivered again\n");
    }
  }

  @Test
  void whatSteersATerminalIsSpeltOutInALine() {
    String filter = "name != '\u001b[2J\u202e\udb40\udc01 水'";
    Ran added = watch("add", "order/*", "--filter", filter);
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(watch("list").out())
        .contains("if name != '\\u001b[2J\\u202e\\U000e0001 水'")
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void watchesAreAddedListedAndRemoved() {
    assertThat(watch("list").out()).startsWith("No watches. Add one:");
    Ran added = watch("add", "order/*", "--filter", "price < 10", "--channel", "console");
    assertThat(added.exit()).isZero();
    assertThat(added.out())
        .isEqualTo("watch 1  order/*  all  if price < 10  → console inbox  (developer)\n");
    assertThat(watch("list").out()).isEqualTo(added.out().replace("watch ", ""));
    assertThat(watch("list", "--format", "json").out()).contains("\"target\" : \"order/*\"");
    assertThat(watch("remove", "order/*").out()).isEqualTo("removed watch 1 (order/*)\n");
    Ran again = watch("remove", "order/*");
    assertThat(again.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(again.err())
        .contains("watch is 'order/*', expected the id or target of one of your 0 watches");
  }

  @Test
  void theInboxShowsWhatWasToldAndMarksItRead() {
    assertThat(watch("add", "record/1", "--user", "ann").exit()).isZero();
    update("a");
    update("b");
    Ran inbox = watch("inbox", "--user", "ann", "--read");
    assertThat(inbox.exit()).isZero();
    assertThat(inbox.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        "\\* +2  .* subscribed +Demo Record: value changed from a to b by \\S+"),
            line -> assertThat(line).startsWith("*      1  "),
            line -> assertThat(line).isEqualTo("2 unread"));
    assertThat(watch("inbox", "--user", "ann").out()).endsWith("0 unread\n");
  }

  @Test
  void whySomebodyWasToldOrNotIsExplained() {
    assertThat(watch("add", "record/1", "--user", "ann", "--channel", "console").exit()).isZero();
    update("a");
    Ran told = watch("why", "--user", "ann", "--change", "1");
    assertThat(told.exit()).as(told.err()).isZero();
    assertThat(told.out())
        .startsWith("change 1  record/1  Demo Record: value changed from “Initial Value” to a by")
        .contains("ann was told: ann watches record/1 (subscribed)")
        .contains("watch 1  record/1  all  → console inbox  (ann)")
        .contains("  inbox          told       it stands in the inbox of ann");
    assertThat(watch("why", "--change", "1").out())
        .contains("developer was not told: developer watches nothing that covers record/1");
    assertThat(watch("why", "--change", "1", "--format", "json").out())
        .contains("\"rule\" : \"no-watch\"");
    Ran absent = watch("why", "--change", "77");
    assertThat(absent.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(absent.err()).contains("change 77 does not exist");
  }

  @Test
  void aSourceIsAddedTestedPausedAndRemoved() throws IOException {
    String url = address() + "/api/records/1";
    assertThat(watch("source", "list").out()).startsWith("No sources. Add one:");
    Ran added =
        watch(
            "source",
            "add",
            "demo",
            "--url",
            url,
            "--every",
            "5m",
            "--pointer",
            "/value",
            "--header",
            "X-Key: hush");
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(added.out())
        .startsWith("source demo  new  http/demo  " + url + " at /value  every 300s  never seen")
        .doesNotContain("hush");
    Ran tested = watch("source", "test", "demo");
    assertThat(tested.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(tested.out()).contains("does not work: 127.0.0.1 may not be reached");
    assertThat(watch("source", "pause", "demo").out()).startsWith("source demo  paused");
    assertThat(watch("source", "list").out()).startsWith("demo  paused  http/demo");
    assertThat(watch("source", "list", "--format", "json").out()).contains("\"paused\"");
    assertThat(watch("source", "resume", "demo").exit()).isZero();
    assertThat(watch("source", "remove", "demo").out()).isEqualTo("removed source demo\n");
    Path secret = Files.writeString(folder.resolve("secret"), "hush-4711-hush-4711\n");
    Ran hook =
        watch(
            "source",
            "add",
            "repo",
            "--hook",
            "github",
            "--secret-file",
            secret.toString(),
            "--subject",
            "github",
            "--id",
            "/repository/full_name");
    assertThat(hook.exit()).as(hook.err()).isZero();
    assertThat(hook.out()).isEqualTo("source repo  new  github  /hooks/repo  never seen\n");
    Path next = Files.writeString(folder.resolve("next"), "hush-4712-hush-4712\n");
    assertThat(watch("source", "rotate", "repo", "--secret-file", next.toString()).out())
        .isEqualTo(
            "source repo  new  github  /hooks/repo  never seen  the secret before counts too, until"
                + " --end\n");
    assertThat(watch("source", "rotate", "repo", "--end").exit()).isZero();
    assertThat(watch("source", "rotate", "repo").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(watch("source", "show", "repo").out()).contains("\"rotating\" : false");
    assertThat(watch("source", "add", "x").err())
        .contains("expected one of --url, --hook, --postgres, --sqlite, --rabbitmq or --folder");
    Ran wrong = watch("source", "add", "demo", "--url", url, "--every", "soon");
    assertThat(wrong.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("--every is 'soon', expected a time such as 30s");
  }

  @Test
  void anAddressIsAddedTestedAndRemoved() throws IOException {
    assertThat(watch("endpoint", "list").out()).startsWith("No addresses. Add one:");
    Ran added = watch("endpoint", "add", "webhook/ops", "http://127.0.0.1:9/hook");
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(added.out())
        .startsWith("endpoint 1  webhook/ops  http://127.0.0.1:9/hook  active  (developer)")
        .contains("its messages are signed with whsec_");
    Path file = Files.writeString(folder.resolve("key"), "0123456789abcdefABCDEF0123456789\n");
    Ran hidden = watch("endpoint", "add", "pagerduty", "--address-file", file.toString());
    assertThat(hidden.out())
        .isEqualTo("endpoint 2  pagerduty  https://events.pagerduty.com/…  active  (developer)\n");
    assertThat(watch("endpoint", "list").out()).doesNotContain("whsec_", "0123456789abcdef");
    Ran tested = watch("endpoint", "test", "1");
    assertThat(tested.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(tested.out()).startsWith("not sent: 127.0.0.1 may not be reached");
    assertThat(watch("endpoint", "enable", "1").exit()).isZero();
    assertThat(watch("endpoint", "remove", "1").out()).isEqualTo("removed endpoint 1\n");
    assertThat(watch("endpoint", "list", "--format", "json").out()).contains("\"pagerduty\"");
    assertThat(watch("endpoint", "add", "email").err())
        .contains("expected either an ADDRESS or --address-file");
    assertThat(watch("endpoint", "remove", "1").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aWatchIsMutedUntilATimeAndUnmuted() {
    assertThat(watch("add", "record/1", "--user", "ann").exit()).isZero();
    Ran muted = watch("mute", "record/1", "--until", "2100-01-01T00:00:00Z", "--user", "ann");
    assertThat(muted.exit()).as(muted.err()).isZero();
    assertThat(muted.out())
        .isEqualTo("watch 1  record/1  all  → inbox  (ann)  muted until 2100-01-01T00:00:00Z\n");
    update("a");
    assertThat(watch("inbox", "--user", "ann").out()).endsWith("0 unread\n");
    assertThat(watch("why", "--change", "1", "--user", "ann").out())
        .contains("the watch of record/1 was muted until 2100-01-01T00:00:00Z (muted)");
    assertThat(watch("unmute", "1", "--user", "ann").out()).doesNotContain("muted until");
    update("b");
    assertThat(watch("inbox", "--user", "ann").out()).endsWith("1 unread\n");
    assertThat(watch("mute", "record/1", "--until", "soon", "--user", "ann").err())
        .contains("--until is 'soon', expected a time such as");
    Ran past = watch("mute", "record/1", "--until", "2020-01-01T00:00:00Z", "--user", "ann");
    assertThat(past.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(past.err())
        .contains("until is '2020-01-01T00:00:00Z', expected a time that is still to come");
    assertThat(watch("list", "--user", "ann").out()).doesNotContain("muted until");
    Ran why = watch("why", "--change", "-1", "--user", "ann");
    assertThat(why.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(why.err()).contains("--change is -1, expected a number from 1");
  }

  @Test
  void aFilterThatCannotBeReadIsOneLine() {
    Ran ran = watch("add", "record/1", "--filter", "price <");
    assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err())
        .isEqualTo(
            "troth watch add: filter 'price <' is wrong at character 8: it ends too early\n");
  }

  @Test
  void theOriginalsFileIsImportedOnce() throws SQLException {
    Path file = folder.resolve("old db.sqlite");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, name TEXT, value TEXT)");
      statement.execute(
          "CREATE TABLE watchers (id INTEGER PRIMARY KEY, user TEXT, record_id INTEGER)");
      statement.execute("INSERT INTO records VALUES (1, 'Demo Record', 'Old'), (5, 'Five', NULL)");
      statement.execute(
          "INSERT INTO watchers (user, record_id) VALUES ('ann', 1), ('ann', 1), ('bob', 5)");
    }
    Ran first = watch("import", file.toString());
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).isEqualTo("imported 2 records and 2 watches (0 were there already)\n");
    assertThat(watch("import", file.toString()).out())
        .isEqualTo("imported 0 records and 0 watches (2 were there already)\n");
    assertThat(watch("list", "--user", "bob").out()).contains("record/5  all  → console inbox");
  }

  @Test
  void rowsThatCannotBeTakenAreNamedAndWhatLivesHereStays() throws SQLException {
    Path file = folder.resolve("rows.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, name TEXT, value TEXT)");
      statement.execute(
          "CREATE TABLE watchers (id INTEGER PRIMARY KEY, user TEXT, record_id INTEGER)");
      statement.execute(
          "INSERT INTO records VALUES (1, 'Demo Record', 'Old'), (2, NULL, 'x'), (3, 'R3', NULL),"
              + " (4, '', ''), (6, 'ünï', '日本')");
      statement.execute(
          "INSERT INTO watchers (user, record_id) VALUES ('ann', 1), (NULL, 1), ('', 1),"
              + " ('bob', 99), ('José Ñ', 2), ('x y', 6), ('eve', 3)");
    }
    update("from here");
    assertThat(watch("add", "record/3", "--user", "eve", "--filter", "price < 1").exit())
        .isEqualTo(ExitCode.OK);
    for (int run = 0; run < 2; run++) {
      Ran ran = watch("import", file.toString());
      assertThat(ran.exit()).isEqualTo(ExitCode.FINDINGS);
      assertThat(ran.err().lines())
          .containsExactly(
              "not imported: record 1: it is here with other contents",
              "not imported: record 2: name is '', expected a text",
              "not imported: record 4: name is '', expected a text",
              "not imported: watcher 'José Ñ' of record 2: there is no such record",
              "not imported: watcher 'bob' of record 99: there is no such record",
              "not imported: watcher '' of record 1: user is '', expected 1 to 128 characters"
                  + " without controls");
      assertThat(ran.out())
          .isEqualTo(
              run == 0
                  ? "imported 2 records and 2 watches (1 were there already)\n"
                  : "imported 0 records and 0 watches (3 were there already)\n");
    }
    assertThat(
            new ApiClient(address(), Optional.empty())
                .get("/api/records/1")
                .document()
                .path("value"))
        .asString()
        .contains("from here");
    assertThat(watch("list", "--user", "eve").out()).contains("if price < 1  → inbox");
  }

  @Test
  void whoAsksForItIsToldOfTheirOwnChanges() {
    assertThat(watch("add", "record/1", "--own").out()).contains("own changes too");
    update("mine");
    assertThat(watch("inbox").out()).endsWith("1 unread\n");
  }

  @Test
  void aFileThatIsNotTheOriginalsIsRefused() {
    Ran missing = watch("import", folder.resolve("no.db").toString());
    assertThat(missing.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(missing.err()).contains("no.db is not there, expected a SQLite file");
    Ran other = watch("import", folder.resolve("data/troth.db").toString());
    assertThat(other.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(other.err()).contains("no such table: records");
  }
}
