package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.capture.Hook;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers under load, watched from outside: the spans are what their own access logs say, request
 * by request.
 */
final class AccessLogTest {
  private static final int MOST_ROUNDS = 12;

  @TempDir Path folder;

  @Test
  void seesWhatNodeLogs() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("node");
    int port = Kernel.freePort();
    check("node", port, List.of("node", resource("node.js"), port(port), log()));
  }

  @Test
  void seesWhatPythonLogs() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    check("python", port, List.of("python3", resource("python.py"), port(port), log()));
  }

  @Test
  void seesWhatNginxLogs() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("nginx");
    int port = Kernel.freePort();
    Path conf = folder.resolve("nginx.conf");
    Files.createDirectories(folder.resolve("www"));
    Files.writeString(folder.resolve("www/large"), "x".repeat(1 << 20));
    folder.toFile().setExecutable(true, false);
    folder.toFile().setReadable(true, false);
    Files.writeString(
        conf,
        Files.readString(Path.of(resource("nginx.conf")))
            .replace("PORT", port(port))
            .replace("LOG", log())
            .replace("FOLDER", folder.toString()));
    check("nginx", port, List.of("nginx", "-c", conf.toString(), "-p", folder.toString()));
  }

  @Test
  void seesWhatAServerOfTheJdkLogs() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    try (Child server = Child.java(folder, LoggingServer.class, port(port), log())) {
      check("jdk", port, server);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Hook.class,
      names = {"SYS_EXIT", "RAW"})
  void seesTheSameThroughTheHooksOfOtherKernels(Hook hook) throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    try (Child server = Child.java(folder, LoggingServer.class, port(port), log())) {
      check("jdk by " + hook, port, server, config(port).withHook(hook));
    }
  }

  @Test
  void seesWhatGoLogs() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("go");
    int port = Kernel.freePort();
    Path binary = folder.resolve("go-server");
    try (Child build =
        Child.start(folder, List.of("go", "build", "-o", binary.toString(), resource("main.go")))) {
      assertThat(build.waitFor(Duration.ofMinutes(2))).isZero();
    }
    check("go", port, List.of(binary.toString(), port(port), log()));
  }

  private void check(String name, int port, List<String> command) throws Exception {
    try (Child server = Child.start(folder, command)) {
      check(name, port, server);
    }
  }

  private void check(String name, int port, Child server) throws Exception {
    check(name, port, server, config(port));
  }

  private static ObserveConfig config(int port) {
    return ObserveConfig.defaults()
        .withInstrument(List.of(Selector.ofPorts(port(port))))
        .withLimits(Observer.ROOMY);
  }

  private void check(String name, int port, Child server, ObserveConfig config) throws Exception {
    server.listening(port);
    Observer observer = Observer.of(config);
    try (observer) {
      if (!name.equals("nginx")) {
        RawClient.everyKind(port, name);
      }
      int seconds = Size.count(1, 10);
      int rounds = 0;
      do {
        load(port, seconds);
      } while (lines(Path.of(log())) < Size.count(1, 100_000) && ++rounds < MOST_ROUNDS);
      awaitLast(observer);
    }
    Map<String, Integer> logged = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(log()))) {
      logged.merge(line.replaceFirst("\\?[^ ]*", ""), 1, Integer::sum);
    }
    Map<String, Integer> seen = new HashMap<>();
    Map<String, Integer> aborted = new HashMap<>();
    for (Span span : observer.spans()) {
      assertThat(span.role()).isEqualTo(Role.SERVER);
      boolean answered = !Observer.text(span, "http.response.status_code").isEmpty();
      (answered ? seen : aborted).merge(Observer.line(span), 1, Integer::sum);
    }
    // What a server logs although the connection was reset is a request without an answer here.
    for (String line : difference(logged, seen).keySet()) {
      String unanswered = line.substring(0, line.lastIndexOf(' ') + 1);
      if (aborted.containsKey(unanswered)) {
        logged.merge(line, -1, Integer::sum);
      }
    }
    AgentCounters counters = observer.counters();
    int total = logged.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf("%s: %,d requests logged, %s%n", name, total, counters);
    assertThat(counters.lost()).isZero();
    assertThat(total).isGreaterThan(Size.count(50, 99_999));
    assertThat(difference(seen, logged)).as("seen, not logged").isEmpty();
    assertThat(difference(logged, seen)).as("logged, not seen").isEmpty();
  }

  private static long lines(Path file) throws IOException {
    try (var all = Files.lines(file)) {
      return all.count();
    }
  }

  /** Until the server has answered its last request and the agent has told of it. */
  private void awaitLast(Observer observer) {
    AtomicLong before = new AtomicLong(-1);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          long now = Files.size(Path.of(log())) + observer.spans().size();
          return before.getAndSet(now) == now;
        });
  }

  private static Map<String, Integer> difference(
      Map<String, Integer> left, Map<String, Integer> right) {
    Map<String, Integer> rest = new HashMap<>();
    left.forEach((line, count) -> {
      int more = count - right.getOrDefault(line, 0);
      if (more > 0) {
        rest.put(line, more);
      }
    });
    return rest;
  }

  private void load(int port, int seconds) throws Exception {
    Kernel.requireProgram("wrk");
    try (Child wrk =
        Child.start(
            folder,
            List.of(
                "wrk",
                "-t1",
                "-c16",
                "-d" + seconds + "s",
                "-s",
                resource("load.lua"),
                "http://127.0.0.1:" + port))) {
      assertThat(wrk.waitFor(Duration.ofSeconds(seconds + 20L))).isZero();
    }
  }

  private String log() {
    return folder.resolve("access.log").toString();
  }

  private static String port(int port) {
    return Integer.toString(port);
  }

  private static String resource(String name) throws URISyntaxException, IOException {
    var url = AccessLogTest.class.getResource("/servers/" + name);
    if (url == null) {
      throw new IOException("no test resource " + name);
    }
    return Path.of(url.toURI()).toString();
  }
}
