package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.metrics.PrometheusText;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines that pass while nobody empties a small ring: no event is lost, but some are cut. */
final class CrowdedRingTest {
  private static final int PIPELINES = 150;
  private static final int COMMANDS = 64;

  @TempDir Path folder;

  @Test
  void requestsInMessagesThatAreCutCountAsUnseen() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("redis-server");
    int port = Kernel.freePort();
    List<Span> spans = new ArrayList<>();
    ObserveConfig config =
        ObserveConfig.defaults()
            .withInstrument(
                List.of(Selector.ofPorts("" + port).named(Optional.of("store"), Optional.empty())))
            .withLimits(new Limits(1 << 18, 1, 0));
    try (Child server =
        Child.start(
            folder,
            List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", ""))) {
      server.listening(port);
      try (Observation observation = Observation.open(config, List.of((SpanSink) spans::add))) {
        Agent agent = observation.agent();
        agent.attach();
        ask(port);
        agent.stop();
        agent.run();
        assertThat(agent.counters().lost()).isZero();
        assertThat(agent.counters().kernel().cut()).as("messages that were cut").isPositive();
        long missed = (long) PIPELINES * COMMANDS - spans.size();
        assertThat(missed).as("commands that were not seen").isPositive();
        Unseen store =
            agent.unseen().stream().filter(one -> one.service().equals("store")).findAny().get();
        assertThat(store.lost() + store.abandoned())
            .as("the most that may be missing; %s", agent.counters())
            .isGreaterThanOrEqualTo(missed);
        assertThat(agent.counters().missing()).as("the estimate").isPositive();
        StringWriter text = new StringWriter();
        new PrometheusText(agent.metrics(), agent::counters).writeTo(text);
        assertThat(text.toString())
            .contains("troth_observe_events_cut_total " + agent.counters().kernel().cut() + "\n");
      }
    }
  }

  /** Asks for keys that are not there, many at once. */
  private static void ask(int port) throws IOException {
    byte[] pipeline =
        "*2\r\n$3\r\nGET\r\n$9\r\nnot-there\r\n"
            .repeat(COMMANDS)
            .getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      byte[] answers = new byte[COMMANDS * "$-1\r\n".length()];
      for (int i = 0; i < PIPELINES; i++) {
        socket.getOutputStream().write(pipeline);
        assertThat(socket.getInputStream().readNBytes(answers, 0, answers.length))
            .isEqualTo(answers.length);
      }
    }
  }
}
