package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is behind when it is told to end. */
final class BacklogTest {
  /** With two events at least for each, these are more than one turn takes. */
  private static final int REQUESTS = 12_000;

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
