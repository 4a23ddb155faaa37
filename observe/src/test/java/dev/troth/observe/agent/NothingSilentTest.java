package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.Exports;
import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.config.Otlp;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.metrics.Unread;
import dev.troth.observe.span.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent does not read is counted and named; what it can read it does not miss. */
final class NothingSilentTest {
  private static final String REQUEST = "GET /seen HTTP/1.1\r\nHost: a\r\n\r\n";

  @TempDir Path folder;

  @Test
  void whatIsNotReadIsCountedAndNamed() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Observer observer;
    try (Child server = Child.python(folder, "echo.py", port)) {
      server.listening(port);
      observer = Observer.of(Selector.ofProcess(server.pid()));
      try (observer) {
        say(port, new byte[] {0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5});
        say(port, new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        say(port, new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
        say(port, new byte[] {0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0});
        Awaitility.await().until(() -> observer.counters().unread().size() >= 4);
      }
    }
    assertThat(observer.counters().unread())
        .allMatch(unread -> unread.service().equals("echo"))
        .extracting(Unread::what)
        .containsExactlyInAnyOrder(
            "TLS of a library without symbols",
            "AMQP",
            "an unknown protocol",
            "HTTP/2 that began before the agent");
    assertThat(observer.counters().kernel().unix()).isGreaterThanOrEqualTo(8);
    assertThat(observer.sights())
        .singleElement()
        .isEqualTo(new Sight("echo", List.of(), observer.counters().kernel().unix(), 0));
    assertThat(observer.spans()).isEmpty();
  }

  /** Short connections that nobody reads must not fill the room of those that are read. */
  @Test
  void connectionsThatAreNotReadAreForgottenOnceTheyHaveEnded() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    try (Child server = Child.python(folder, "echo.py", port)) {
      server.listening(port);
      try (Observer observer = Observer.of(Selector.ofProcess(server.pid()))) {
        for (int i = 0; i < 20; i++) {
          say(port, new byte[] {0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5});
        }
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                observer.counters().unread().stream().mapToLong(Unread::connections).sum() == 20);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> observer.counters().openSockets() == 0);
      }
    }
  }

  @Test
  void whatPassesByOtherWaysThanReadsAndWritesIsCounted() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    try (Child server = Child.python(folder, "sendfile.py", port)) {
      server.listening(port);
      try (Observer observer = Observer.of(Selector.ofProcess(server.pid()))) {
        for (int i = 0; i < 5; i++) {
          say(port, new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
        }
        Awaitility.await().until(() -> observer.sights().getFirst().hidden() == 5);
      }
    }
  }

  @Test
  void allMethodsAreSeenAndTheContextBehindLongCookies() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    String context = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    String cookies = "Cookie: " + "c".repeat(6_000) + "\r\n";
    Observer observer;
    try (Child server =
        Child.java(folder, LoggingServer.class, "" + port, folder.resolve("log").toString())) {
      server.listening(port);
      observer = Observer.of(Selector.ofProcess(server.pid()));
      try (observer) {
        for (String method : List.of("PROPFIND", "PURGE", "REPORT", "QUERY", "LINK", "MKCOL")) {
          ask(port, method + " /dav HTTP/1.1\r\nHost: a\r\n\r\n", Integer.MAX_VALUE);
        }
        String long1 = "GET /whole HTTP/1.1\r\nHost: a\r\n" + cookies + context + "\r\n";
        ask(port, long1, Integer.MAX_VALUE);
        ask(port, long1.replace("whole", "parts"), 1_500);
      }
    }
    assertThat(observer.spans()).hasSize(8);
    assertThat(observer.sights().getFirst().seen())
        .containsExactly(new Sight.Seen("HTTP/1", port, 8));
    assertThat(observer.spans().stream().filter(span -> span.parent() != 0))
        .extracting(span -> Observer.text(span, "url.path"))
        .containsExactlyInAnyOrder("/whole", "/parts");
    assertThat(observer.spans())
        .filteredOn(span -> Observer.text(span, "url.path").equals("/dav"))
        .extracting(NothingSilentTest::method)
        .containsExactlyInAnyOrder("PROPFIND", "PURGE", "REPORT", "QUERY", "LINK", "MKCOL");
  }

  private static String method(Span span) {
    String original = Observer.text(span, "http.request.method_original");
    return original.isEmpty() ? Observer.text(span, "http.request.method") : original;
  }

  @Test
  void theReceiverOfSpansIsNeverToldOf() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    int other = Kernel.freePort();
    Otlp otlp =
        new Otlp(
            URI.create("http://127.0.0.1:" + port),
            Otlp.Protocol.HTTP_PROTOBUF,
            Map.of(),
            true,
            false,
            Duration.ofMinutes(1));
    try (Child receiver =
            Child.java(folder, LoggingServer.class, "" + port, folder.resolve("log").toString());
        Child server =
            Child.java(folder, LoggingServer.class, "" + other, folder.resolve("l2").toString())) {
      receiver.listening(port);
      server.listening(other);
      Observer observer =
          Observer.of(
              ObserveConfig.defaults()
                  .withInstrument(
                      List.of(Selector.ofProcess(receiver.pid()), Selector.ofProcess(server.pid())))
                  .withExports(
                      new Exports(Optional.of(otlp), OptionalInt.empty(), false, false, false)));
      try (observer) {
        ask(port, REQUEST, Integer.MAX_VALUE);
        ask(other, REQUEST, Integer.MAX_VALUE);
      }
      assertThat(observer.spans())
          .singleElement()
          .extracting(span -> Observer.text(span, "server.port"))
          .isEqualTo("" + other);
    }
  }

  @Test
  void headsThatNeverEndAreGivenUpTogetherAndCounted() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    byte[] half =
        ("GET /half HTTP/1.1\r\nCookie: " + "c".repeat(8_000)).getBytes(StandardCharsets.US_ASCII);
    List<Socket> open = new ArrayList<>();
    Observer observer;
    try (Child server = Child.python(folder, "outgoing.py", "asyncio", port)) {
      server.listening(port);
      observer =
          Observer.of(
              ObserveConfig.defaults()
                  .withInstrument(List.of(Selector.ofProcess(server.pid())))
                  .withLimits(new Limits(1 << 24, 1, 0)));
      try (observer) {
        for (int i = 0; i < 900; i++) {
          Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
          open.add(socket);
          socket.getOutputStream().write(half);
        }
        Awaitility.await().until(() -> observer.counters().trouble().givenUp() > 0);
        ask(port, REQUEST.replace("seen", "proxy/1"), Integer.MAX_VALUE);
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
    }
    assertThat(observer.spans())
        .anyMatch(span -> Observer.text(span, "url.path").equals("/proxy/1"));
  }

  private static void say(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(bytes);
      socket.getInputStream().readNBytes(bytes.length);
    }
  }

  /** Sends a request in pieces of this size and reads the answer. */
  private static void ask(int port, String request, int piece) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(10_000);
      byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
      for (int at = 0; at < bytes.length; at += piece) {
        socket.getOutputStream().write(bytes, at, Math.min(piece, bytes.length - at));
        if (piece >= bytes.length) {
          break;
        }
      }
      assertThat(socket.getInputStream().readNBytes(15)).hasSize(15);
    }
  }
}
