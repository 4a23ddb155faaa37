package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that makes a process for each connection, which lives for a millisecond. */
final class ForkTest {
  @TempDir Path folder;

  @Test
  void everyRequestIsSeenAlthoughTheProcessHasEndedBeforeItIsLookedAt() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    int requests = Size.count(150, 5_000);
    Observer observer;
    try (Child server = Child.python(folder, "fork.py", port)) {
      server.listening(port);
      observer = Observer.of(Selector.ofProcess(server.pid()));
      try (observer) {
        for (int i = 0; i < requests; i++) {
          ask(port, i);
        }
      }
    }
    assertThat(observer.spans().stream().map(Observer::line).distinct())
        .as("%s", observer.counters())
        .hasSize(requests);
    assertThat(observer.spans()).hasSize(requests);
    assertThat(observer.spans().stream().map(span -> span.target().instance()).distinct())
        .as("children are measured as the service that made them")
        .hasSize(1);
    assertThat(observer.counters().trouble().strangers()).isZero();
  }

  private static void ask(int port, int i) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(("GET /" + i + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
    }
  }
}
