package dev.troth.server;

import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** A platform in a process of its own, which can be killed as {@code kill -9} does. */
final class PlatformProcess implements AutoCloseable {
  private final Process process;
  private final URI address;
  private final HttpClient client = HttpClient.newHttpClient();

  private PlatformProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** What the process runs: a platform on any free port, which it writes to a file. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      Map<String, String> settings = new HashMap<>();
      settings.put("data", args[0]);
      settings.put("http.listen", "0");
      settings.put("registry.listen", "off");
      settings.put("otlp.http", "off");
      settings.put("otlp.grpc", "off");
      for (int i = 2; i < args.length; i += 2) {
        settings.put(args[i], args[i + 1]);
      }
      Platform platform = Main.start(Config.load(Inputs.flagsOnly(settings)), Clock.systemUTC());
      Path port = Path.of(args[1]);
      Path unfinished = port.resolveSibling("port.new");
      Files.writeString(unfinished, Integer.toString(platform.port("http").orElseThrow()));
      Files.move(unfinished, port);
      Thread.currentThread().join();
    }
  }

  /** Starts one on a data folder with settings in pairs; its log is appended to a file. */
  static PlatformProcess start(Path folder, String... settings) throws IOException {
    Path port = folder.resolve("port");
    Files.deleteIfExists(port);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.resolve("data").toString(),
                port.toString()));
    command.addAll(List.of(settings));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()))
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(port) || !process.isAlive());
    if (!Files.exists(port)) {
      List<String> lines = Files.readAllLines(log(folder));
      throw new AssertionError(
          "the platform ended: " + lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
    return new PlatformProcess(
        process, URI.create("http://127.0.0.1:" + Files.readString(port).strip()));
  }

  static Path log(Path folder) {
    return folder.resolve("platform.log");
  }

  /** Sends SIGKILL and waits for the end. */
  void kill() {
    client.shutdownNow();
    process.destroyForcibly().onExit().join();
  }

  /** Lets it stand still, as a machine does that swaps or is moved, or go on. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -%s %d failed".formatted(name, process.pid()));
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new AssertionError("GET " + path + " was answered with " + response.statusCode());
    }
    return Json.mapper().readTree(response.body());
  }

  /** The status of a POST, whose answer may never come. */
  int post(String path, String type, String body) throws IOException, InterruptedException {
    return send("POST", path, type, body);
  }

  int send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Override
  public void close() {
    kill();
  }
}
