package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent that is stopped while its small ring buffer overflows: what it has missed is counted,
 * what it tells is true, and it goes on.
 */
final class StallTest {
  private static final String READY = "ready";

  private static final Pattern UNSEEN =
      Pattern.compile(
          "Unseen\\[service=(.*), lost=(\\d+), abandoned=(\\d+), dropped=(\\d+), sampled=(\\d+),"
              + " unjoined=(\\d+), unread=(\\d+)]");

  @TempDir Path folder;

  /**
   * An agent in a process of its own; arguments: the port of the service "busy", file for a line a
   * span, the port of the service "idle". When its input ends it stops and writes what was not seen
   * of the services, and its counters as the last line.
   */
  static final class StoppableAgent {
    private StoppableAgent() {}

    public static void main(String[] args) throws IOException {
      Capabilities.keepOnlyNeeded();
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])), true)) {
        ObserveConfig config =
            ObserveConfig.defaults()
                .withInstrument(List.of(selector(args[0], "busy"), selector(args[2], "idle")))
                .withLimits(new Limits(1 << 16, 1, 0));
        SpanSink sink = (Span span) -> out.println(Observer.line(span));
        try (Observation observation = Observation.open(config, List.of(sink))) {
          observation.agent().attach();
          out.println(READY);
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                awaitEnd();
                observation.agent().stop();
              });
          observation.agent().run();
          observation.agent().unseen().forEach(out::println);
          AgentCounters counters = observation.agent().counters();
          out.println(counters.lost() + " " + counters.abandoned() + " " + counters.missing());
        }
      }
    }

    private static Selector selector(String port, String name) {
      return Selector.ofPorts(port).named(Optional.of(name), Optional.empty());
    }

    private static void awaitEnd() {
      try {
        System.in.readAllBytes();
      } catch (IOException closed) {
        // that is an end, too
      }
    }
  }

  @Test
  void whatIsMissedInAStallIsCountedAndNothingIsMispaired() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    int idle = Kernel.freePort();
    Path log = folder.resolve("access.log");
    Path told = folder.resolve("spans");
    try (Child server =
            Child.java(folder, LoggingServer.class, Integer.toString(port), log.toString());
        Child other =
            Child.java(
                folder,
                LoggingServer.class,
                Integer.toString(idle),
                folder.resolve("idle.log").toString());
        Child agent =
            Child.java(
                folder,
                StoppableAgent.class,
                Integer.toString(port),
                told.toString(),
                Integer.toString(idle))) {
      server.listening(port);
      other.listening(idle);
      awaitLine(told, READY);
      ask(port, "before", 50);
      agent.signal("STOP");
      ask(port, "within", 2_000);
      agent.signal("CONT");
      awaitLine(told, "GET /ok/before-49 200");
      // Until the agent has read what was left in the buffer.
      AtomicInteger probe = new AtomicInteger();
      Awaitility.await("the agent sees requests again")
          .until(() -> {
            ask(port, "probe" + probe.incrementAndGet() + "-", 1);
            return Files.readString(told).contains("/ok/probe");
          });
      ask(port, "after", 50);
      awaitLine(told, "GET /ok/after-49 200");
      agent.closeInput();
      assertThat(agent.waitFor(Duration.ofMinutes(1))).isZero();
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(told));
    lines.removeFirst();
    String[] counted = lines.removeLast().split(" ", -1);
    Map<String, Unseen> unseen = unseen(lines);
    long lost = Long.parseLong(counted[0]);
    Map<String, Integer> logged = counts(Files.readAllLines(log));
    Map<String, Integer> seen = counts(lines);
    System.out.printf(
        "%,d logged, %,d told, %,d events lost, %s abandoned%n",
        logged.size(), seen.size(), lost, counted[1]);
    assertThat(seen.values()).as("no request is told of twice").containsOnly(1);
    assertThat(logged.keySet()).as("told as it was").containsAll(seen.keySet());
    int missed = logged.size() - seen.size();
    assertThat(missed).isPositive();
    assertThat(lost).as("lost events").isGreaterThanOrEqualTo(missed);
    assertThat(Long.parseLong(counted[2]))
        .as("the estimate of %,d missing requests", missed)
        .isBetween(missed / 2L, missed * 2L);
    Unseen busy = Objects.requireNonNull(unseen.get("busy"));
    assertThat(busy.lost() + busy.abandoned())
        .as("the most that may be missing of the service")
        .isBetween((long) missed, lost + Long.parseLong(counted[1]));
    assertThat(busy.lost()).as("its events are known to be its own").isPositive();
    assertThat(unseen.get("idle"))
        .as("of the other service nothing is missing")
        .isEqualTo(new Unseen("idle", 0, 0, 0, 0, 0, 0));
    for (int i = 0; i < 50; i++) {
      String number = "-" + i + " 200";
      assertThat(seen).containsKeys("GET /ok/before" + number, "GET /ok/after" + number);
    }
  }

  /** Asks for paths of their own one after the other on one kept connection. */
  private static void ask(int port, String name, int count) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      String[] kinds = {"ok", "missing", "broken"};
      for (int i = 0; i < count; i++) {
        String kind = count == 2_000 ? kinds[i % 3] : kinds[0];
        String dash = name.endsWith("-") ? "" : "-";
        String request = "GET /" + kind + "/" + name + dash + i + " HTTP/1.1\r\nHost: a\r\n\r\n";
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

  private static Map<String, Unseen> unseen(List<String> lines) {
    Map<String, Unseen> unseen = new HashMap<>();
    for (String line : List.copyOf(lines)) {
      Matcher one = UNSEEN.matcher(line);
      if (one.matches()) {
        lines.remove(line);
        Unseen service =
            new Unseen(
                one.group(1),
                Long.parseLong(one.group(2)),
                Long.parseLong(one.group(3)),
                Long.parseLong(one.group(4)),
                Long.parseLong(one.group(5)),
                Long.parseLong(one.group(6)),
                Long.parseLong(one.group(7)));
        unseen.put(service.service(), service);
      }
    }
    return unseen;
  }

  private static void awaitLine(Path file, String line) {
    Awaitility.await(line)
        .until(() -> Files.exists(file) && Files.readAllLines(file).contains(line));
  }

  private static Map<String, Integer> counts(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(line, 1, Integer::sum));
    return counts;
  }
}
