package dev.troth.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.troth.observe.agent.Exporters;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.agent.SpanOutputs;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.config.Otlp;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.otlp.LogExporter;
import dev.troth.observe.otlp.SpanExporter;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a watched program prints while it handles a request stands beside the request's spans. */
final class LinesInTracesTest {
  private static final int REQUESTS = 20;

  @TempDir private Path folder;

  /** Prints what it is asked for; argument: port. */
  static final class Shop {
    private Shop() {}

    public static void main(String[] args) throws IOException {
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
              64);
      server.setExecutor(Executors.newFixedThreadPool(4));
      server.createContext(
          "/",
          exchange -> {
            System.out.println("asked for " + exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
          });
      server.start();
    }
  }

  @Test
  void aPrintedLineIsPartOfTheTraceOfItsRequest() throws Exception {
    Optional<String> missing = Capabilities.missing();
    assumeTrue(missing.isEmpty(), () -> "kernel tests are skipped: " + missing.orElse(""));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process shop =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName(),
                "" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("shop.log").toFile())
            .start();
    try (TestPlatform platform = TestPlatform.start()) {
      await().until(() -> listens(port));
      observe(
          new Otlp(
              URI.create("http://127.0.0.1:" + platform.port("otlp-http")),
              Otlp.Protocol.HTTP_PROTOBUF,
              Map.of(),
              true,
              false,
              Duration.ofMinutes(1)),
          port);
      Map<String, String> lines = new HashMap<>();
      Map<String, String> expected = new HashMap<>();
      for (JsonNode trace : platform.get("/api/traces?limit=100").json().get("traces")) {
        JsonNode view = platform.get("/api/traces/" + trace.get("id").asString()).json();
        for (JsonNode span : view.get("spans")) {
          String path = span.at("/attributes/url.path").asString();
          expected.put(span.get("id").asString(), "asked for " + path);
        }
        for (JsonNode line : view.get("logs")) {
          lines.put(line.get("span").asString(), line.get("body").asString());
        }
      }
      assertThat(lines).hasSize(REQUESTS).isEqualTo(expected);
    } finally {
      shop.destroyForcibly();
    }
  }

  private static void observe(Otlp otlp, int port) throws Exception {
    ObserveConfig config =
        ObserveConfig.defaults()
            .withInstrument(
                List.of(Selector.ofPorts("" + port).named(Optional.of("shop"), Optional.empty())));
    SpanExporter spans = Exporters.spans(otlp, 8_192, System.err::println);
    LogExporter lines = Exporters.lines(otlp, 8_192, System.err::println);
    SpanOutputs outputs =
        new SpanOutputs(List.of(spans), new RequestMetrics(), System.err::println, lines);
    try (Observation observation =
        Observation.open(config.withExports(config.exports().withLogs()), outputs)) {
      observation.agent().attach();
      Thread thread = Thread.ofPlatform().name("agent").start(observation.agent()::run);
      try {
        for (int i = 0; i < REQUESTS; i++) {
          ask(port, "/things/" + i);
        }
      } finally {
        observation.agent().stop();
        thread.join();
      }
    }
    lines.close();
    assertThat(spans.counters().dropped()).isZero();
    assertThat(lines.dropped()).isEmpty();
  }

  private static void ask(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.US_ASCII)).endsWith("ok");
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
