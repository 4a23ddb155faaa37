package dev.troth.observe.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Hook;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.kernel.GoFunctions;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTPS of Go, by HTTP/1.1 and HTTP/2, with symbols and without, against the server's own log. */
final class GoTlsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"SOCKET, -s -w", "SYS_EXIT, -w"})
  void everyRequestIsSeenOnceAtBothEndsAsTheServerLogsIt(Hook hook, String flags) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("openssl");
    Path binary = build(flags);
    certificate();
    int port = Kernel.freePort();
    int requests = Size.count(1_600, 100_000);
    Path log = folder.resolve("log");
    Observer observer;
    try (Child peer =
        Child.start(
            folder,
            List.of(
                binary.toString(),
                "" + port,
                log.toString(),
                folder.resolve("key.pem").toString(),
                folder.resolve("cert.pem").toString(),
                "" + requests))) {
      peer.listening(port);
      observer =
          Observer.of(
              ObserveConfig.defaults()
                  .withInstrument(List.of(Selector.ofProcess(peer.pid())))
                  .withLimits(Observer.ROOMY)
                  .withHook(hook));
      try (observer) {
        peer.closeInput();
        assertThat(peer.waitFor(Duration.ofMinutes(4))).isZero();
      }
    }
    Map<String, Integer> logged = new HashMap<>();
    Files.readAllLines(log).forEach(line -> logged.merge(line, 1, Integer::sum));
    assertThat(logged.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(requests);
    for (Role role : Role.values()) {
      Map<String, Integer> missing = new HashMap<>(logged);
      observer.spans().stream()
          .filter(span -> span.role() == role)
          .forEach(span -> missing.merge(line(span), -1, Integer::sum));
      missing.values().removeIf(count -> count == 0);
      assertThat(missing).as("%s spans, less or more; %s", role, observer.counters()).isEmpty();
    }
    assertThat(observer.spans())
        .allMatch(span -> Observer.text(span, "server.port").equals("" + port));
    assertThat(observer.counters().unread()).as("connections that are not read").isEmpty();
    assertThat(observer.counters().lost()).isZero();
  }

  @Test
  void theInstructionsThatReturnAreThoseThatGoItselfLists() throws Exception {
    Path binary = build("-w");
    Map<String, GoFunctions.Function> found = GoFunctions.find(binary, Capture.tlsOfGo());
    assertThat(found).containsOnlyKeys(Capture.tlsOfGo());
    Path stripped = build("-s -w");
    for (String name : Capture.tlsOfGo()) {
      List<Long> listed = new ArrayList<>();
      for (String line : disassembled(binary, name)) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > 3 && columns[3].equals("RET")) {
          listed.add(Long.decode(columns[1]));
        }
      }
      GoFunctions.Function function = requireNonNull(found.get(name));
      assertThat(function.returns()).as(name).hasSize(listed.size()).isNotEmpty();
      long moved = listed.getFirst() - function.returns().getFirst();
      assertThat(function.returns().stream().map(place -> place + moved)).isEqualTo(listed);
      assertThat(requireNonNull(GoFunctions.find(stripped, List.of(name)).get(name)).returns())
          .hasSize(listed.size());
    }
  }

  private List<String> disassembled(Path binary, String name) throws IOException {
    String pattern = "^" + name.replaceAll("([.()*])", "\\\\$1") + "$";
    Process process =
        new ProcessBuilder("go", "tool", "objdump", "-s", pattern, binary.toString()).start();
    return new String(process.getInputStream().readAllBytes()).lines().toList();
  }

  private Path build(String flags) throws Exception {
    Kernel.requireProgram("go");
    Path binary = folder.resolve("https" + flags.replace(" ", ""));
    try (Child build =
        Child.start(
            folder,
            List.of(
                "go",
                "build",
                "-ldflags",
                flags,
                "-o",
                binary.toString(),
                Child.resource("https.go")))) {
      assertThat(build.waitFor(Duration.ofMinutes(4))).as("go build").isZero();
    }
    return binary;
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
                "rsa:2048",
                "-nodes",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
                "-days",
                "2",
                "-subj",
                "/CN=localhost"))) {
      assertThat(openssl.waitFor(Duration.ofMinutes(1))).isZero();
    }
  }

  private static String line(Span span) {
    String url = Observer.text(span, "url.full");
    String path =
        url.isEmpty() ? Observer.text(span, "url.path") : url.replaceFirst("https://[^/]*", "");
    return Observer.text(span, "http.request.method") + " " + path + " " + span.status();
  }
}
