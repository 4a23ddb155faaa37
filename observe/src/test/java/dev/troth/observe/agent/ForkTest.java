package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that make a process for each request, which lives for a millisecond. */
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

  @Test
  void childrenThatListenThemselvesAndEndAtOnceAreSeen() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int requests = Size.count(300, 3_000);
    Observer observer;
    try (Child parent = Child.python(folder, "listeners.py", requests)) {
      observer = Observer.of(Selector.ofProcess(parent.pid()));
      try (observer) {
        parent.input("begin\n");
        assertThat(parent.waitFor(Duration.ofMinutes(2))).isZero();
      }
    }
    List<String> lines = IntStream.range(0, requests).mapToObj(i -> "GET /" + i + " 200").toList();
    for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
      assertThat(observer.spans().stream().filter(span -> span.role() == role).map(ForkTest::line))
          .as("%s: %s", role, observer.counters())
          .containsExactlyInAnyOrderElementsOf(lines);
    }
    assertThat(observer.spans()).allMatch(span -> span.target().service().equals("listeners"));
    assertThat(observer.counters().trouble().strangers()).isZero();
    assertThat(observer.counters().missing()).isZero();
  }

  private static String line(Span span) {
    String path =
        span.role() == Role.SERVER
            ? Observer.text(span, "url.path")
            : URI.create(Observer.text(span, "url.full")).getPath();
    return "GET " + path + " " + Observer.text(span, "http.response.status_code");
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
