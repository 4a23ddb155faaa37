package dev.troth.observe.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis under pipelines, watched at both ends, against its own counts. */
final class RedisTest {
  @TempDir Path folder;

  @Test
  void everyCommandIsSeenOnceAtBothEndsAsTheServerCountsIt() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("redis-server");
    Kernel.requireProgram("redis-benchmark");
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    int requests = Size.count(3_000, 50_000);
    Map<String, Long> counted;
    Map<String, Long> failed;
    Observer observer;
    try (Child server =
            Child.start(
                folder,
                List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
        Child load =
            waiting(
                "redis-benchmark -q -p %d -c 8 -P 16 -n %d -r 1000 -d 3 -t %s"
                    .formatted(port, requests, "set,get,lpush,lrange_100,mset,hset"));
        Child words = Child.python(folder, "resp.py", port)) {
      server.listening(port);
      observer =
          Observer.of(
              ObserveConfig.defaults()
                  .withInstrument(
                      List.of(
                          Selector.ofPorts("" + port),
                          Selector.ofProcess(load.pid()),
                          Selector.ofProcess(words.pid())))
                  .withLimits(Observer.ROOMY));
      try (observer) {
        load.input("go\n");
        assertThat(load.waitFor(Duration.ofMinutes(3))).isZero();
        words.input(
            "SET text a\n"
                + "LPUSH text b\n"
                + "INCR text\n"
                + "SELECT 3\n"
                + "GET text\n"
                + "EVAL x 0\n"
                + "HELLO 3\n"
                + "HGETALL x\n");
        assertThat(words.waitFor(Duration.ofMinutes(1))).isZero();
      }
      counted = told(port, "commandstats", "cmdstat_", "calls");
      failed = told(port, "errorstats", "errorstat_", "count");
    }
    assertThat(counted.values().stream().mapToLong(Long::longValue).sum())
        .isGreaterThan(6L * requests);
    for (Role role : Role.values()) {
      assertThat(counts(observer, role, "db.operation.name"))
          .as("%s spans; %s", role, observer.counters())
          .isEqualTo(counted);
      assertThat(counts(observer, role, "db.response.status_code")).isEqualTo(failed);
    }
    Set<Long> clients =
        observer.spans().stream()
            .filter(span -> span.role() == Role.CLIENT)
            .map(Span::id)
            .collect(Collectors.toSet());
    assertThat(observer.spans())
        .filteredOn(span -> span.role() == Role.SERVER)
        .as("each server span has its client span as parent")
        .allMatch(span -> clients.contains(span.parent()))
        .allMatch(span -> Observer.text(span, "db.system.name").equals("redis"));
    assertThat(observer.spans())
        .filteredOn(span -> Observer.text(span, "db.namespace").equals("3"))
        .as("what came after SELECT 3 at both ends")
        .hasSize(8);
    assertThat(observer.counters().lost()).isZero();
    assertThat(observer.counters().unread()).isEmpty();
  }

  @Test
  void pipelinesOfIoredisAreSeenAtBothEndsWithTheErrorsThatTheServerCounts() throws Exception {
    Kernel.requireProgram("node");
    String script = Child.foreign("pipelines.js");
    int commands = Size.count(4_000, 100_000);
    agrees(
        commands,
        port ->
            waiting(
                "node %s %d %d".formatted(script, port, commands), "ioredis sends as it reads"));
  }

  @Test
  void everyCommandOfRedisCliIsSeenAtBothEndsWithTheErrorsThatTheServerCounts() throws Exception {
    int commands = Size.count(1_000, 100_000);
    StringBuilder text = new StringBuilder("SET text a\n");
    for (int i = 0; i < commands; i += 4) {
      text.append("SET key:%d x\nINCR text\nLPUSH list %d\nGET key:%d\n".formatted(i, i, i - 4));
    }
    agrees(commands, port -> waiting("redis-cli -p " + port, text.toString()));
  }

  /** Starts a client that waits for its first line and then says so many commands. */
  private interface Client {
    Waiting start(int port) throws IOException;
  }

  /** A program that has not begun, and what it shall read. */
  private record Waiting(Child process, String input) {}

  private Waiting waiting(String command, String input) throws IOException {
    return new Waiting(waiting(command), input);
  }

  /** Both ends of a client against the server's counts of calls and of failed ones by command. */
  private void agrees(int commands, Client kind) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("redis-server");
    Kernel.requireProgram("redis-cli");
    int port = Kernel.freePort();
    Map<String, Long> counted;
    Map<String, Long> failed;
    Observer observer;
    try (Child server =
        Child.start(
            folder,
            List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", ""))) {
      server.listening(port);
      Waiting client = kind.start(port);
      try (Child process = client.process) {
        observer =
            Observer.of(
                ObserveConfig.defaults()
                    .withInstrument(
                        List.of(Selector.ofPorts("" + port), Selector.ofProcess(process.pid())))
                    .withLimits(Observer.ROOMY));
        try (observer) {
          process.input("go\n" + client.input);
          assertThat(process.waitFor(Duration.ofMinutes(4))).isZero();
        }
      }
      counted = told(port, "commandstats", "cmdstat_", "calls");
      failed = told(port, "commandstats", "cmdstat_", "failed_calls");
    }
    failed.values().removeIf(count -> count == 0);
    assertThat(failed).as("commands that fail").isNotEmpty();
    assertThat(counted.values().stream().mapToLong(Long::longValue).sum())
        .isGreaterThanOrEqualTo(commands);
    for (Role role : Role.values()) {
      assertThat(counts(observer, role, "db.operation.name"))
          .as("%s spans; %s", role, observer.counters())
          .isEqualTo(counted);
      Map<String, Long> seen =
          observer.spans().stream()
              .filter(span -> span.role() == role)
              .filter(span -> !Observer.text(span, "db.response.status_code").isEmpty())
              .map(span -> Observer.text(span, "db.operation.name"))
              .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
      assertThat(seen).as("%s spans of commands that failed", role).isEqualTo(failed);
    }
    assertThat(observer.counters().lost()).isZero();
    assertThat(observer.counters().unread()).isEmpty();
  }

  /** A program that is watched from its first instruction on, because its process is. */
  private Child waiting(String command) throws IOException {
    return Child.start(folder, List.of("sh", "-c", "read go; exec " + command));
  }

  private Map<String, Long> told(int port, String section, String prefix, String field)
      throws Exception {
    Process info =
        new ProcessBuilder("redis-cli", "-p", "" + port, "info", section)
            .redirectErrorStream(true)
            .start();
    String text = new String(info.getInputStream().readAllBytes(), UTF_8);
    assertThat(info.waitFor()).isZero();
    Map<String, Long> counts = new TreeMap<>();
    for (String line : text.split("\r?\n", -1)) {
      if (line.startsWith(prefix)) {
        String name = line.substring(prefix.length(), line.indexOf(':')).split("\\|", 2)[0];
        String count = line.replaceFirst(".*[:,]" + field + "=([0-9]+).*", "$1");
        counts.merge(name.toUpperCase(Locale.ROOT), Long.parseLong(count), Long::sum);
      }
    }
    return counts;
  }

  private static Map<String, Long> counts(Observer observer, Role role, String attribute) {
    return observer.spans().stream()
        .filter(span -> span.role() == role)
        .map(span -> Observer.text(span, attribute))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.groupingBy(text -> text, TreeMap::new, Collectors.counting()));
  }
}
