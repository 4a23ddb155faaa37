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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS of Node, read where it is plain, on both sides of each connection. */
final class TlsTest {
  @TempDir Path folder;

  @Test
  void everyRequestIsSeenOnceAtBothEndsAsTheServerLogsIt() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("node");
    Kernel.requireProgram("openssl");
    certificate();
    int port = Kernel.freePort();
    int requests = Size.count(1_000, 100_000);
    Path log = folder.resolve("log");
    Observer observer;
    try (Child peer =
        Child.start(
            folder,
            List.of(
                "node",
                Child.resource("https.js"),
                "" + port,
                log.toString(),
                folder.resolve("key.pem").toString(),
                folder.resolve("cert.pem").toString(),
                "" + requests))) {
      peer.listening(port);
      observer = Observer.of(Selector.ofProcess(peer.pid()));
      try (observer) {
        peer.closeInput();
        assertThat(peer.waitFor(Duration.ofMinutes(8))).isZero();
      }
    }
    Map<String, Integer> logged = counts(Files.readAllLines(log));
    assertThat(logged.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(requests);
    for (Role role : Role.values()) {
      Map<String, Integer> missing = new HashMap<>(logged);
      lines(observer, role).forEach(line -> missing.merge(line, -1, Integer::sum));
      missing.values().removeIf(count -> count == 0);
      assertThat(missing).as("%s spans, less or more; %s", role, observer.counters()).isEmpty();
    }
    assertThat(observer.spans())
        .filteredOn(span -> span.role() == Role.SERVER)
        .allMatch(span -> Observer.text(span, "url.scheme").equals("https"))
        .allMatch(span -> Observer.text(span, "server.port").equals("" + port))
        .allMatch(span -> Observer.text(span, "client.address").equals("127.0.0.1"));
    assertThat(observer.counters().unread()).as("connections that are not read").isEmpty();
    assertThat(observer.counters().lost()).isZero();
  }

  private static List<String> lines(Observer observer, Role role) {
    return observer.spans().stream()
        .filter(span -> span.role() == role)
        .map(TlsTest::line)
        .toList();
  }

  private static String line(Span span) {
    String url = Observer.text(span, "url.full");
    String path =
        url.isEmpty() ? Observer.text(span, "url.path") : url.replaceFirst("https://[^/]*", "");
    return Observer.text(span, "http.request.method") + " " + path + " " + span.status();
  }

  private static Map<String, Integer> counts(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(line, 1, Integer::sum));
    return counts;
  }

  private void certificate() throws Exception {
    try (Child openssl =
        Child.start(
            folder,
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=localhost",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem"))) {
      assertThat(openssl.waitFor(Duration.ofMinutes(1))).isZero();
    }
  }
}
