package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.capture.Hook;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.span.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The context of a request is read wherever it stands behind cookies, and however they arrive. */
final class LongCookieTest {
  private static final int[] COOKIES = {1_000, 3_000, 6_000, 7_500};

  /** All of a request at once, as packets of a network bring it, and in small writes. */
  private static final int[] PIECES = {Integer.MAX_VALUE, 1_448, 200};

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "python, FENTRY",
    "node, FENTRY",
    "go, FENTRY",
    "jdk, FENTRY",
    "python, SYS_EXIT",
    "node, RAW"
  })
  void theContextBehindThemIsTheParent(String server, String hook) throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    Observer observer;
    Map<String, Long> sent = new TreeMap<>();
    try (Child child = start(server, port)) {
      child.listening(port);
      ObserveConfig config =
          ObserveConfig.defaults().withInstrument(List.of(Selector.ofProcess(child.pid())));
      observer = Observer.of(hook.equals("FENTRY") ? config : config.withHook(Hook.valueOf(hook)));
      try (observer) {
        for (int piece : PIECES) {
          for (int cookie : COOKIES) {
            ask(port, cookie, piece, sent);
          }
        }
        Awaitility.await().until(() -> observer.spans().size() >= sent.size());
      }
    }
    Map<String, Long> seen = new TreeMap<>();
    for (Span span : observer.spans()) {
      seen.put(Observer.text(span, "url.path"), span.parent());
    }
    assertThat(seen).isEqualTo(sent);
    assertThat(observer.counters().lost()).isZero();
  }

  private Child start(String server, int port) throws Exception {
    String log = folder.resolve("log").toString();
    switch (server) {
      case "python" -> {
        Kernel.requireProgram("python3");
        return Child.python(folder, "python.py", port, log);
      }
      case "node" -> {
        Kernel.requireProgram("node");
        return Child.start(folder, List.of("node", Child.resource("node.js"), "" + port, log));
      }
      case "go" -> {
        Kernel.requireProgram("go");
        Path binary = folder.resolve("go-server");
        List<String> build =
            List.of("go", "build", "-o", binary.toString(), Child.resource("main.go"));
        try (Child compiler = Child.start(folder, build)) {
          assertThat(compiler.waitFor(Duration.ofMinutes(2))).isZero();
        }
        return Child.start(folder, List.of(binary.toString(), "" + port, log));
      }
      default -> {
        return Child.java(folder, LoggingServer.class, "" + port, log);
      }
    }
  }

  /** Two requests over one connection, each with a context of its own behind its cookie. */
  private static void ask(int port, int cookie, int piece, Map<String, Long> sent)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 2; i++) {
        long parent = 0x1000 + sent.size();
        String path = "/cookie/%d/%s/%d".formatted(cookie, piece, i);
        String head =
            "GET %s HTTP/1.1\r\nHost: a\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
                    .formatted(path)
                + "Cookie: session=%s\r\n".formatted("c".repeat(cookie))
                + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-%016x-01\r\n\r\n"
                    .formatted(parent);
        sent.put(path, parent);
        byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
        OutputStream out = socket.getOutputStream();
        for (int at = 0; at < bytes.length; at += Math.min(piece, bytes.length)) {
          out.write(bytes, at, Math.min(piece, bytes.length - at));
        }
        readAnswer(socket.getInputStream());
      }
    }
  }

  private static void readAnswer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("an answer, not an end after %s", head).isNotNegative();
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
    if (lower.contains("content-length: ")) {
      String length = lower.substring(lower.indexOf("content-length: ") + 16).split("\r\n", 2)[0];
      in.skipNBytes(Long.parseLong(length.strip()));
    } else {
      while (!head.toString().endsWith("0\r\n\r\n")) {
        head.append((char) in.read());
      }
    }
  }
}
