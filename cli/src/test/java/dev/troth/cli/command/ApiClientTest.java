package dev.troth.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.troth.cli.Troth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ApiClientTest {
  @ParameterizedTest
  @CsvSource({"'', /api/me", "/, /api/me", "/troth, /troth/api/me", "/troth/, /troth/api/me"})
  void aPlatformMayBeBelowAPathOfItsHost(String path, String asked) throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          seen.add(exchange.getRequestURI().toString());
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
      new ApiClient(address, Optional.empty()).delete("/api/me");
      assertThat(seen).containsExactly(asked);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "watch list",
        "watch inbox",
        "watch add record/1",
        "watch source list",
        "watch endpoint list",
        "watch dead-letters",
        "slo status",
        "slo gate web",
        "slo requests web",
        "token list",
        "contract pull order_placed"
      })
  void anotherServerIsNotTakenForAPlatform(String command) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 11);
          exchange.getResponseBody().write("{\"ok\":true}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      StringWriter err = new StringWriter();
      List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
      arguments.addAll(List.of("--server", "http://127.0.0.1:" + server.getAddress().getPort()));
      CommandLine troth = Troth.commandLine().setErr(new PrintWriter(err, true));
      assertThat(troth.execute(arguments.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);
      assertThat(err.toString()).contains("the answer is not that of a platform: it has no member");
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:99999", "http://127.0.0.1:0", "ftp://x", "x", "http://"})
  void anAddressThatIsNoneIsRefused(String server) {
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine().setErr(new PrintWriter(err, true));
    assertThat(troth.execute("watch", "list", "--server", server)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--server is '" + server + "'");
  }

  @Test
  void aTokenThatCannotBeSentIsNotShown(@TempDir Path folder) throws IOException {
    for (String text : List.of("\uFEFFeyJsecret", "eyJ\nsecret", "eyJ secret", "é")) {
      Path file = Files.writeString(folder.resolve("token"), text);
      StringWriter err = new StringWriter();
      CommandLine troth = Troth.commandLine().setErr(new PrintWriter(err, true));
      int exit = troth.execute("watch", "list", "--token-file", file.toString());
      assertThat(exit).as(err.toString()).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString()).contains("--token-file", "characters").doesNotContain("secret");
    }
  }
}
