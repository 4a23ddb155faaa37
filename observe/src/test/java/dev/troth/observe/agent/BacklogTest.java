package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is behind when it is told to end. */
final class BacklogTest {
  /** With two events at least for each, these are more than one turn takes. */
  private static final int REQUESTS = 12_000;

  /** With two events for each, these are more than two turns take. */
  private static final int COMMANDS = 30_000;

  private static final long LOOK_AROUND_NANOS = 6_000_000_000L;

  @TempDir Path folder;

  @Test
  void whatWaitsInTheRingWhenTheAgentEndsIsToldOfToTheLast() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    List<Span> spans = new ArrayList<>();
    ObserveConfig config =
        ObserveConfig.defaults()
            .withInstrument(List.of(Selector.ofPorts("" + port)))
            .withLimits(Observer.ROOMY);
    try (Child server =
        Child.java(folder, LoggingServer.class, "" + port, folder.resolve("log").toString())) {
      server.listening(port);
      try (Observation observation = Observation.open(config, List.of((SpanSink) spans::add))) {
        observation.agent().attach();
        ask(port);
        observation.agent().stop();
        observation.agent().run();
        assertThat(observation.agent().counters().lost()).isZero();
        assertThat(observation.agent().counters().requests()).isEqualTo(REQUESTS);
        assertThat(spans).hasSize(REQUESTS).allMatch(span -> span.status().equals("200"));
      }
    }
  }

  /** The agent looks around twice while events of a program that has ended wait by the thousand. */
  @Test
  void whatAProgramSaidThatHasEndedIsItsOwnHoweverLateItIsRead() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("redis-server");
    Kernel.requireProgram("redis-cli");
    int port = Kernel.freePort();
    AtomicLong ahead = new AtomicLong();
    List<Span> spans = new ArrayList<>();
    try (Child server =
            Child.start(
                folder,
                List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
        Child client =
            Child.start(folder, List.of("sh", "-c", "read go; exec redis-cli -p " + port))) {
      server.listening(port);
      ObserveConfig config =
          ObserveConfig.defaults()
              .withInstrument(List.of(Selector.ofProcess(client.pid())))
              .withLimits(Observer.ROOMY);
      SpanOutputs outputs =
          new SpanOutputs(List.of((SpanSink) spans::add), new RequestMetrics(), line -> {});
      try (Observation observation = Observation.open(config, outputs, ahead(ahead))) {
        Agent agent = observation.agent();
        agent.attach();
        client.input("go\n" + "GET a\n".repeat(COMMANDS));
        assertThat(client.waitFor(Duration.ofMinutes(1))).isZero();
        for (int look = 0; look < 2; look++) {
          ahead.addAndGet(LOOK_AROUND_NANOS);
          assertThat(agent.turn()).as("events wait still").isEqualTo(20_000);
        }
        agent.stop();
        agent.run();
        assertThat(agent.counters().trouble().strangers()).isZero();
        assertThat(agent.counters().lost()).isZero();
        assertThat(spans).filteredOn(span -> span.name().equals("GET")).hasSize(COMMANDS);
      }
    }
  }

  /** The machine's clocks, so many nanoseconds later. */
  private static Clocks ahead(AtomicLong nanos) {
    return new Clocks() {
      @Override
      public long monotonic() {
        return Clocks.SYSTEM.monotonic() + nanos.get();
      }

      @Override
      public long epoch() {
        return Clocks.SYSTEM.epoch() + nanos.get();
      }
    };
  }

  private static void ask(int port) throws IOException {
    byte[] request = "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      byte[] answer = new byte[4_096];
      for (int i = 0; i < REQUESTS; i++) {
        socket.getOutputStream().write(request);
        int read = 0;
        do {
          read += Math.max(0, in.read(answer, read, answer.length - read));
        } while (read < 6 || answer[read - 1] != '\n' || answer[read - 2] != 'o');
      }
    }
  }
}
