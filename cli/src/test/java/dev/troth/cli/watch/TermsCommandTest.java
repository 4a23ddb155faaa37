package dev.troth.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
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

/** Preferences, groups, escalations and templates by the command line. */
final class TermsCommandTest {
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

  private String ok(String... args) {
    Ran ran = watch(args);
    assertThat(ran.exit()).as(ran.err()).isZero();
    return ran.out();
  }

  @Test
  void preferencesAreSetListedAndRemoved() {
    assertThat(ok("preference", "person", "--zone", "Europe/Oslo", "--autowatch", "off"))
        .isEqualTo("developer lives in Europe/Oslo and does not watch the records they create\n");
    ok("preference", "set", "--quiet", "22:00-07:00", "--pages", "off");
    ok(
        "preference",
        "set",
        "--scope",
        "type:record",
        "--channel",
        "slack",
        "--digest",
        "1h",
        "--collapse",
        "on",
        "--limit",
        "20/1h",
        "--title",
        "{headline}");
    assertThat(ok("preference", "list"))
        .endsWith(
            """
            all on *:  quiet 22:00-07:00  pages false
            type:record on slack:  digest 1h  collapse true  limit 20/1h  title {headline}
            """);
    assertThat(ok("preference", "list", "--format", "json")).contains("\"zone\" : \"Europe/Oslo\"");
    assertThat(ok("preference", "remove")).isEqualTo("removed the preference for all on *\n");
    assertThat(watch("preference", "remove").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(watch("preference", "set").err()).contains("expected at least one option");
    Ran wrong = watch("preference", "set", "--quiet", "late");
    assertThat(wrong.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("quiet is 'late', expected two times such as 22:00-07:00");
  }

  @Test
  void aTemplateIsShownOnTheNewestChange() {
    assertThat(watch("template", "preview", "{headline}").err())
        .contains("nothing has changed yet");
    new ApiClient(address(), Optional.empty()).post("/api/update/1", Map.of("value", "a"));
    assertThat(ok("template", "preview", "{subject} by {actor}[ was {before.none}]"))
        .isEqualTo("record/1 by developer\n");
    assertThat(watch("template", "preview", "{secret}").err())
        .contains("title has {secret}, expected headline");
  }

  @Test
  void groupsAndEscalationsAreKept() {
    assertThat(ok("group", "set", "ops", "ann", "bob"))
        .isEqualTo("ops: ann, bob; watches nothing\n");
    assertThat(ok("group", "watch", "ops", "slo/*", "--type", "alert.fired"))
        .isEqualTo("ops: ann, bob; watches slo/*\n");
    assertThat(ok("list", "--user", "ann")).contains("slo/*");
    assertThat(ok("group", "list")).isEqualTo("ops: ann, bob; watches slo/*\n");
    assertThat(ok("group", "unwatch", "ops", "slo/*")).contains("watches nothing");
    assertThat(ok("group", "remove", "ops")).isEqualTo("removed group ops\n");
    assertThat(ok("escalation", "set", "orders", "slo/orders", "ann", "bob", "--within", "2m"))
        .isEqualTo(
            """
            orders: slo/orders pages ann, then bob, each within 120 s
              ann has no address: the inbox alone tells them
              bob has no address: the inbox alone tells them
            """);
    assertThat(ok("escalation", "list")).startsWith("orders: slo/orders");
    assertThat(ok("page", "list")).isEqualTo("No pages.\n");
    assertThat(watch("page", "ack", "7").err()).contains("page 7 does not exist");
    assertThat(watch("page", "ack", "record/7").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(watch("escalation", "set", "x", "slo/*", "ann", "--within", "soon").err())
        .contains("--within is 'soon', expected a number and s, m or h");
    assertThat(ok("escalation", "remove", "orders")).isEqualTo("removed escalation orders\n");
  }

  @Test
  void manyTargetsAreWatchedInOneCall() {
    assertThat(ok("add", "order/1", "order/2", "record/*"))
        .isEqualTo("3 watches added, 0 stood before\n");
    Ran some = watch("add", "order/1", "order/3", "no-target");
    assertThat(some.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(some.out()).isEqualTo("1 watches added, 1 stood before\n");
    assertThat(some.err()).contains("not watched: no-target: target is 'no-target'");
  }
}
