package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.testkit.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection of HTTP/2 that is older than the agent, with Node at both ends. */
final class LateHttp2Test {
  @TempDir Path folder;

  @Test
  void isReadFromItsNextRequestOn() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("node");
    int requests = Size.count(300, 50_000);
    Path log = folder.resolve("log");
    Path ready = folder.resolve("log.ready");
    Observer observer;
    try (Child peer =
        Child.start(
            folder, List.of("node", Child.resource("http2.js"), log.toString(), "" + requests))) {
      Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> Files.exists(ready));
      observer = Observer.of(Selector.ofProcess(peer.pid()));
      try (observer) {
        peer.closeInput();
        assertThat(peer.waitFor(Duration.ofMinutes(2))).isZero();
      }
    }
    List<String> logged = Files.readAllLines(log);
    assertThat(logged).hasSize(requests + 10);
    for (Role role : Role.values()) {
      assertThat(observer.spans())
          .as("%s spans; %s", role, observer.counters())
          .filteredOn(span -> span.role() == role)
          .extracting(span ->
              Observer.text(span, "http.request.method")
                  + " "
                  + (role == Role.SERVER
                      ? Observer.text(span, "url.path")
                      : Observer.text(span, "url.full").replaceFirst("http://[^/]*", ""))
                  + " "
                  + span.status())
          .containsExactlyInAnyOrderElementsOf(logged);
    }
    // Node writes the long bodies in pieces of which only the beginning is kept.
    assertThat(observer.counters().unread())
        .allMatch(unread -> unread.what().equals("HTTP/2 with bytes missing: some requests"));
  }
}
