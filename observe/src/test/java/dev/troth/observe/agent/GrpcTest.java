package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC over cleartext HTTP/2, seen from both ends. */
final class GrpcTest {
  @TempDir Path folder;

  @Test
  void everyCallIsSeenOnceAtBothEndsAsTheServerLogsIt() throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    int calls = Size.count(1_000, 100_000);
    Path log = folder.resolve("calls");
    Observer observer;
    try (Child peer = Child.java(folder, GrpcPeer.class, "" + port, log.toString(), "" + calls)) {
      peer.listening(port);
      observer = Observer.of(Selector.ofProcess(peer.pid()));
      try (observer) {
        peer.closeInput();
        assertThat(peer.waitFor(Duration.ofMinutes(2))).isZero();
      }
    }
    Map<String, Integer> logged = counts(Files.readAllLines(log));
    assertThat(logged.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(calls);
    assertThat(counts(lines(observer, Role.SERVER)))
        .as("server spans; %s", observer.counters())
        .isEqualTo(logged);
    assertThat(counts(lines(observer, Role.CLIENT))).isEqualTo(logged);
    assertThat(observer.counters().lost()).isZero();
    Set<Long> clients =
        observer.spans().stream()
            .filter(span -> span.role() == Role.CLIENT)
            .map(Span::id)
            .collect(Collectors.toSet());
    assertThat(observer.spans())
        .filteredOn(span -> span.role() == Role.SERVER)
        .as("each server span has its client span as parent")
        .allMatch(span -> clients.contains(span.parent()))
        .allMatch(span -> Observer.text(span, "rpc.system.name").equals("grpc"))
        .allMatch(span -> span.failed() == span.status().equals("INTERNAL"));
  }

  private static List<String> lines(Observer observer, Role role) {
    return observer.spans().stream()
        .filter(span -> span.role() == role)
        .map(span -> Observer.text(span, "rpc.method") + " " + span.status())
        .toList();
  }

  private static Map<String, Integer> counts(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(line, 1, Integer::sum));
    return counts;
  }
}
