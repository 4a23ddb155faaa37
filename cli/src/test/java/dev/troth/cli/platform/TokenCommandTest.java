package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCommandTest {
  @TempDir Path folder;
  private Platform platform;
  private Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() {
    data = folder.resolve("data");
    platform =
        Main.start(
            Config.load(
                Inputs.flagsOnly(
                    Map.of(
                        "data",
                        data.toString(),
                        "http.listen",
                        "0",
                        "registry.listen",
                        "off",
                        "otlp.http",
                        "off",
                        "otlp.grpc",
                        "off",
                        "auth.mode",
                        "token"))),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine troth =
        Troth.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return troth.execute(arguments);
  }

  private int token(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("token", command));
    arguments.addAll(
        List.of("--server", "http://127.0.0.1:" + platform.port("http").orElseThrow()));
    Collections.addAll(arguments, more);
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void theOwnerOfTheDataIssuesTheFirstTokenAndItsBearerGoesOn() throws Exception {
    assertThat(token("create", "--data", data.toString(), "--user", "ada", "--role", "admin"))
        .as(err.toString())
        .isZero();
    Path file = folder.resolve("ada.token");
    Files.writeString(file, out.toString());
    assertThat(
            token("create", "--token-file", file.toString(), "--user", "bob", "--role", "reader"))
        .isZero();
    assertThat(token("list", "--token-file", file.toString())).isZero();
    assertThat(out.toString()).contains("valid   admin   ada").contains("valid   reader  bob");
  }

  @Test
  void aNoteSteersNoTerminal() {
    token(
        "create",
        "--data",
        data.toString(),
        "--user",
        "ada",
        "--role",
        "reader",
        "--note",
        "\u001b]0;pwn\u0007\r\nfake");
    token("list", "--data", data.toString());
    assertThat(out.toString())
        .contains("ada                  \\u001b]0;pwn\\u0007\\u000d\\u000afake");
  }

  @Test
  void aRevokedTokenIsRefusedFromThenOn() throws Exception {
    token("create", "--data", data.toString(), "--user", "ada", "--role", "admin");
    Path file = Files.writeString(folder.resolve("ada.token"), out.toString());
    token("list", "--data", data.toString());
    String id = out.toString().split(" ", 2)[0];
    assertThat(token("revoke", "--data", data.toString(), id)).isZero();
    assertThat(token("list", "--token-file", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("the token was revoked");
    token("list", "--data", data.toString());
    assertThat(out.toString()).contains(id + "  revoked admin   ada");
  }

  @Test
  void withoutAnyProofNothingIsTold() {
    assertThat(token("list")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("log in or send a token (give a token with --token-file or TROTH_TOKEN)");
  }

  @Test
  void aKeyThatOthersCanReadIsRefused() throws Exception {
    Files.setPosixFilePermissions(
        data.resolve("token.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(token("list", "--data", data.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("has mode rw-r--r--, expected rw------- (chmod 600)");
  }

  @Test
  void beforeAnyPlatformHasStartedTheFolderIsSaidToHaveNoKey() {
    assertThat(token("list", "--data", data.resolve("none").toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("token.key is missing, expected a folder in which a platform has started")
        .doesNotContain("Exception");
  }

  @Test
  void aRoleThatIsNoneIsExplained() {
    assertThat(token("create", "--data", data.toString(), "--user", "a", "--role", "root"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("role is 'root', expected reader, member or admin");
  }

  @Test
  void theDataFolderAloneNamesThePlatform() {
    int code =
        run("token", "create", "--data", data.toString(), "--user", "ann", "--role", "reader");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString().strip()).isNotEmpty();
  }
}
