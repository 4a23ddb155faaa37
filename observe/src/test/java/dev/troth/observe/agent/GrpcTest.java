package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.CapturedHeaders;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * gRPC over cleartext HTTP/2 between programs of three languages, seen from both ends. Each call
 * carries a number, so that an answer that is paired with another call shows.
 */
final class GrpcTest {
  private static final String NUMBER = "x-number";
  private static final Path GO_SOURCES = Path.of("/usr/share/gocode");

  @TempDir Path folder;

  @Test
  void everyCallOfJavaIsSeenOnceAtBothEndsAsTheServerLogsIt() throws Exception {
    check(
        (port, log, calls) -> Child.java(folder, GrpcPeer.class, "" + port, log.toString(), calls));
  }

  @Test
  void everyCallOfNodeIsSeenOnceAtBothEndsAsTheServerLogsIt() throws Exception {
    Kernel.requireProgram("node");
    String script = Child.foreign("grpc.js");
    check((port, log, calls) ->
        Child.start(folder, List.of("node", script, "" + port, log.toString(), calls)));
  }

  /** Node gives the kernel each frame as a piece of memory of its own, hundreds in one call. */
  @Test
  void everyCallOfNodeIsSeenAlsoOfVeryManyAtOnceOnOneConnection() throws Exception {
    Kernel.requireProgram("node");
    check((port, log, calls) ->
        Child.start(
            folder,
            List.of("node", Child.resource("streams.js"), "" + port, log.toString(), calls)));
  }

  @Test
  void everyCallOfGoIsSeenOnceAtBothEndsAsTheServerLogsIt() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("go");
    assumeTrue(
        Files.isDirectory(GO_SOURCES.resolve("src/google.golang.org/grpc")),
        "the test against Go's gRPC is skipped: golang-google-grpc-dev is not installed");
    Path binary = folder.resolve("grpc");
    List<String> build = List.of("go", "build", "-o", binary.toString(), Child.resource("grpc.go"));
    Map<String, String> pathMode = Map.of("GO111MODULE", "off", "GOPATH", GO_SOURCES.toString());
    try (Child go = Child.start(folder, build, pathMode)) {
      assertThat(go.waitFor(Duration.ofMinutes(4))).as("go build").isZero();
    }
    check((port, log, calls) ->
        Child.start(folder, List.of(binary.toString(), "" + port, log.toString(), calls)));
  }

  /** Starts a peer that serves on the port, logs, and calls itself so many times. */
  private interface Peer {
    Child start(int port, Path log, String calls) throws Exception;
  }

  private void check(Peer kind) throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    int calls = Size.count(1_000, 100_000);
    Path log = folder.resolve("calls");
    Observer observer;
    try (Child peer = kind.start(port, log, "" + calls)) {
      peer.listening(port);
      observer = Observer.of(config(peer.pid()));
      try (observer) {
        peer.closeInput();
        assertThat(peer.waitFor(Duration.ofMinutes(4))).isZero();
      }
    }
    Map<String, Integer> logged = counts(Files.readAllLines(log));
    assertThat(logged).as("each call is logged under a number of its own").hasSize(calls);
    assertThat(logged.values()).containsOnly(1);
    for (Role role : Role.values()) {
      Map<String, Integer> missing = new HashMap<>(logged);
      lines(observer, role).forEach(line -> missing.merge(line, -1, Integer::sum));
      missing.values().removeIf(count -> count == 0);
      assertThat(missing).as("%s spans, less or more; %s", role, observer.counters()).isEmpty();
    }
    assertThat(observer.counters().lost()).isZero();
    Map<Long, String> clients = new HashMap<>();
    observer.spans().stream()
        .filter(span -> span.role() == Role.CLIENT)
        .forEach(span -> clients.put(span.id(), line(span)));
    assertThat(observer.spans())
        .filteredOn(span -> span.role() == Role.SERVER)
        .as("each server span has its own client span as parent")
        .allMatch(span -> line(span).equals(clients.get(span.parent())))
        .allMatch(span -> Observer.text(span, "rpc.system.name").equals("grpc"))
        .allMatch(span -> span.failed() == span.status().equals("INTERNAL"));
  }

  private static ObserveConfig config(int process) {
    ObserveConfig defaults = ObserveConfig.defaults();
    return new ObserveConfig(
        List.of(Selector.ofProcess(process)),
        List.of(),
        defaults.routing(),
        defaults.sampler(),
        defaults.filter(),
        new CapturedHeaders(Set.of(NUMBER), Set.of(), Set.of(NUMBER)),
        defaults.exports(),
        Observer.ROOMY,
        defaults.hook(),
        false);
  }

  private static List<String> lines(Observer observer, Role role) {
    return observer.spans().stream()
        .filter(span -> span.role() == role)
        .map(GrpcTest::line)
        .toList();
  }

  private static String line(Span span) {
    String number = "none";
    for (Attribute attribute : span.attributes()) {
      if (attribute.name().endsWith("." + NUMBER)
          && attribute.value() instanceof Attribute.Texts(List<String> values)) {
        number = values.getFirst();
      }
    }
    return Observer.text(span, "rpc.method") + " " + number + " " + span.status();
  }

  private static Map<String, Integer> counts(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(line, 1, Integer::sum));
    return counts;
  }
}
