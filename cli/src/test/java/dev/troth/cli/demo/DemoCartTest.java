package dev.troth.cli.demo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code demo cart} as a user runs it: a process that is stopped and started again. */
final class DemoCartTest {
  private static final Pattern READY =
      Pattern.compile("The shop is ready at (http://127.0.0.1:\\d+)");

  @TempDir Path data;

  @Test
  void theShopSaysItsAddressKeepsTheCartAndEndsWithCtrlC() throws Exception {
    Process first = start();
    String cookie;
    try (HttpClient client = HttpClient.newHttpClient()) {
      String shop = address(first);
      HttpResponse<String> page =
          client.send(HttpRequest.newBuilder(URI.create(shop)).build(), BodyHandlers.ofString());
      cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
      HttpRequest add =
          HttpRequest.newBuilder(URI.create(shop + "/cart/add"))
              .header("Cookie", cookie)
              .header("Origin", shop)
              .header("Accept", "application/json")
              .POST(BodyPublishers.ofString("id=lamp"))
              .build();
      assertThat(client.send(add, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      interrupt(first);
      assertThat(first.waitFor()).isEqualTo(ExitCode.OK);

      Process second = start();
      try {
        HttpRequest cart =
            HttpRequest.newBuilder(URI.create(address(second) + "/cart"))
                .header("Cookie", cookie)
                .build();
        assertThat(client.send(cart, BodyHandlers.ofString()).body()).contains("Desk lamp");
      } finally {
        second.destroyForcibly();
      }
    } finally {
      first.destroyForcibly();
    }
  }

  @Test
  void aDemoThatDoesNotExistIsRefusedWithThoseThatDo() {
    StringWriter err = new StringWriter();
    int code =
        Troth.commandLine("demo", "kart").setErr(new PrintWriter(err)).execute("demo", "kart");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("there is no demo 'kart', expected cart, fault, story, or none for the orders");
  }

  @Test
  void theHelpNamesTheCart() {
    assertThat(Troth.commandLine("--help").getUsageMessage().replaceAll("\\s+", " "))
        .contains("'demo cart' runs a shop");
    CommandLine demo =
        requireNonNull(Troth.commandLine("demo", "--help").getSubcommands().get("demo"));
    assertThat(demo.getUsageMessage())
        .contains("cart   Runs a shop whose cart React, Svelte and Preact share.");
  }

  private Process start() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                // A shell that runs the build in the background has its children ignore SIGINT.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Troth.class.getName()));
    command.addAll(List.of("demo", "cart", "--port", "0", "--data", data.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String address(Process shop) throws Exception {
    BufferedReader out = shop.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return ready.group(1);
      }
    }
    throw new AssertionError("the shop ended with " + shop.waitFor());
  }

  private static void interrupt(Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
