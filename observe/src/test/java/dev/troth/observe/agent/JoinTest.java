package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of each connection of one host, over all pairs of address families. */
final class JoinTest {
  private static final int CASES = 10;

  @TempDir Path folder;

  @Test
  void everyRequestIsJoinedToItsClientWhateverTheFamilies() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int requests = Size.count(50, 2_000);
    Observer observer;
    try (Child peers = Child.python(folder, "join.py", requests)) {
      observer = Observer.of(Selector.ofProcess(peers.pid()));
      try (observer) {
        peers.closeInput();
        assertThat(peers.waitFor(Duration.ofMinutes(1))).isZero();
      }
    }
    Map<Long, Span> clients = new HashMap<>();
    Map<String, Integer> joined = new TreeMap<>();
    Map<String, Integer> expected = new TreeMap<>();
    for (Span span : observer.spans()) {
      if (span.role() == Role.CLIENT) {
        clients.put(span.id(), span);
      }
    }
    for (Span span : observer.spans()) {
      if (span.role() == Role.SERVER) {
        String path = Observer.text(span, "url.path");
        String kind = path.substring(1, path.lastIndexOf('/'));
        expected.put(kind, requests);
        Span client = clients.get(span.parent());
        boolean own = client != null && Observer.text(client, "url.full").endsWith(path);
        joined.merge(kind, own ? 1 : 0, Integer::sum);
      }
    }
    assertThat(expected).hasSize(CASES);
    assertThat(joined).isEqualTo(expected);
  }
}
