package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.metrics.PrometheusText;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.metrics.ScrapeServer;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger who asks for thousands of paths, and an agent with the heap that it has in service.
 */
final class ScanTest {
  private static final int PATHS = 2_500;

  @TempDir Path folder;

  /**
   * An agent as the command runs it; arguments: process, port of its metrics. Ends with its input.
   */
  static final class ScrapedAgent {
    private ScrapedAgent() {}

    public static void main(String[] args) throws IOException {
      ObserveConfig config =
          ObserveConfig.defaults()
              .withInstrument(List.of(Selector.ofProcess(Integer.parseInt(args[0]))));
      RequestMetrics metrics = new RequestMetrics();
      SpanSink none = (Span span) -> {};
      SpanOutputs outputs = new SpanOutputs(List.of(none), metrics, System.err::println);
      try (Observation observation = Observation.open(config, outputs)) {
        Agent agent = observation.agent();
        agent.attach();
        ScrapeServer.start(
            Integer.parseInt(args[1]), new PrometheusText(metrics, agent::counters)::writeTo);
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                System.in.readAllBytes();
              } catch (IOException closed) {
                // that is an end, too
              }
              agent.stop();
            });
        agent.run();
      }
    }
  }

  @Test
  void aPathScanDoesNotEndTheAgentAndMakesFewSeries() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    int scrape = Kernel.freePort();
    try (Child server =
        Child.java(folder, LoggingServer.class, "" + port, folder.resolve("log").toString())) {
      server.listening(port);
      try (Child agent =
          Child.java(folder, "-Xmx24m", ScrapedAgent.class, "" + server.pid(), "" + scrape)) {
        agent.listening(scrape);
        scan(port, "/ok-");
        scan(port, "/missing-");
        AtomicLong series = new AtomicLong();
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> requests(scrape, series) >= 2 * PATHS);
        assertThat(series.get()).isBetween(2L, 700L);
        agent.closeInput();
        assertThat(agent.waitFor(Duration.ofSeconds(30))).as("the agent's exit code").isZero();
      }
    }
  }

  /** Asks for many different first segments, long ones and tokens among them. */
  private static void scan(int port, String prefix) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int i = 0; i < PATHS; i++) {
        String name = Integer.toString(i, 26).replaceAll("[0-9]", "z") + "y".repeat(i % 30);
        String path = prefix + name + (i % 3 == 0 ? "/eyJhbG.eyJzdW." + i : "");
        String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder response = new StringBuilder();
        while (!response.toString().endsWith("hello\n")) {
          int next = socket.getInputStream().read();
          assertThat(next).as("a byte of the response").isNotNegative();
          response.append((char) next);
        }
      }
    }
  }

  /** The requests that the metrics tell of, and how many series they take. */
  private static long requests(int port, AtomicLong series) throws IOException {
    long requests = 0;
    series.set(0);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      socket
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("http_server_request_duration_seconds_count")) {
          series.incrementAndGet();
          requests += Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
        }
        assertThat(line).as("no token becomes a label").doesNotContain("eyJ");
      }
    }
    return requests;
  }
}
