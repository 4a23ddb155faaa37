package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real memcached, watched from outside, against its own counts. */
final class MemcachedTest {
  @TempDir Path folder;

  @Test
  void everyCommandIsSeenOnceAsTheServerCountsIt() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("memcached");
    int port = Kernel.freePort();
    int rounds = Size.count(200, 20_000);
    Map<String, Long> stats = new HashMap<>();
    Observer observer;
    try (Child server =
        Child.start(
            folder,
            List.of("memcached", "-u", "root", "-l", "127.0.0.1", "-p", "" + port, "-U", "0"))) {
      server.listening(port);
      observer = Observer.of(Selector.ofProcess(server.pid()));
      try (observer;
          Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (int i = 0; i < rounds; i++) {
          say(socket, "set k" + i + " 0 0 20000\r\n" + "get x\r\n".repeat(2_857) + "y\r\n");
          assertThat(in.readLine()).isEqualTo("STORED");
          say(socket, "get k" + i + "\r\n");
          assertThat(in.readLine()).isEqualTo("VALUE k" + i + " 0 20000");
          while (!in.readLine().equals("END")) {
            // the lines of the value
          }
          say(socket, "get none\r\nincr none 1\r\n"); // the second without waiting for the first
          assertThat(in.readLine()).isEqualTo("END");
          assertThat(in.readLine()).isEqualTo("NOT_FOUND");
          say(socket, "delete k" + i + "\r\n");
          assertThat(in.readLine()).isEqualTo("DELETED");
        }
        say(socket, "stats\r\n");
        for (String line = in.readLine(); !line.equals("END"); line = in.readLine()) {
          String[] words = line.split(" ", -1);
          if (words[2].matches("[0-9]+")) {
            stats.put(words[1], Long.parseLong(words[2]));
          }
        }
      }
    }
    assertThat(observer.spans().size())
        .as("spans; %s", observer.counters())
        .isEqualTo(5 * rounds + 1);
    assertThat(count(observer, "get")).isEqualTo(stats.get("cmd_get"));
    assertThat(count(observer, "set")).isEqualTo(stats.get("cmd_set"));
    assertThat(count(observer, "incr")).isEqualTo(stats.get("incr_misses"));
    assertThat(count(observer, "delete")).isEqualTo(stats.get("delete_hits"));
    assertThat(observer.spans()).noneMatch(Span::failed);
    assertThat(observer.counters().lost()).isZero();
  }

  private static long count(Observer observer, String operation) {
    return observer.spans().stream()
        .filter(span -> Observer.text(span, "db.operation.name").equals(operation))
        .count();
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
