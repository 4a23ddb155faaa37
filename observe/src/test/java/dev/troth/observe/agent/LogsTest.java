package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.log.LogLine;
import dev.troth.observe.log.LogLine.Source;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.PrometheusText;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that real programs write, with the request that wrote them or with none. */
final class LogsTest {
  @TempDir Path folder;

  private final List<Span> spans = new ArrayList<>();
  private final List<LogLine> lines = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final RequestMetrics metrics = new RequestMetrics();

  @Test
  void everyLineOfAThreadPerRequestBearsItsRequestAndNoOther() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    int requests = Size.count(300, 20_000);
    Path file = folder.resolve("app.log");
    try (Child server = Child.python(folder, "lines.py", port, file).listening(port)) {
      observe(
          Selector.ofProcess(server.pid()),
          () -> {
            ask(port, requests);
            Awaitility.await("the lines are told of while their file is open")
                .atMost(Duration.ofSeconds(60))
                .until(() -> of("file ").size() == requests);
            server.closeInput();
            assertThat(server.waitFor(Duration.ofSeconds(20))).isZero();
          });
    }
    Map<Long, String> numbers =
        spans.stream()
            .collect(
                Collectors.toMap(Span::id, span -> Observer.text(span, "url.path").substring(1)));
    assertThat(numbers).hasSize(requests);
    List<String> wrong = new ArrayList<>();
    for (LogLine line : lines) {
      line.request()
          .ifPresent(request -> {
            if (!line.text().endsWith(" " + numbers.get(request.span()))) {
              wrong.add(line.text() + " has the ids of " + numbers.get(request.span()));
            }
          });
    }
    assertThat(wrong).isEmpty();
    for (String kind : List.of("out ", "err ", "file ")) {
      assertThat(of(kind)).as(kind).hasSize(requests);
      assertThat(of(kind).stream().filter(line -> line.request().isEmpty()).map(LogLine::text))
          .as("those without their request")
          .isEmpty();
      assertThat(of(kind).stream().map(LogLine::text).distinct()).hasSize(requests);
    }
    for (String kind : List.of("amid ", "after ")) {
      assertThat(of(kind)).hasSize(requests);
      assertThat(of(kind).stream().filter(line -> line.request().isPresent()).map(LogLine::text))
          .as("once the answer has begun the thread may be anybody's")
          .isEmpty();
    }
    assertThat(of("out ")).extracting(LogLine::source).containsOnly(new Source("stdout", ""));
    assertThat(of("err ")).extracting(LogLine::source).containsOnly(new Source("stderr", ""));
    Source unknown = new Source("", "");
    assertThat(of("file "))
        .as("the name of the file or, if it was closed by then, none; %d renamings", requests / 40)
        .extracting(LogLine::source)
        .isSubsetOf(new Source("", file.toString()), unknown);
    assertThat(
            of("file ").stream()
                .sorted(Comparator.comparing(LogLine::time))
                .skip(requests / 40 * 40L - 1))
        .as("of the file that stayed open")
        .extracting(LogLine::source)
        .containsOnly(new Source("", file.toString()));
    assertThat(of("brief "))
        .as("never the name of what its descriptor became")
        .hasSize(20)
        .extracting(LogLine::source)
        .isSubsetOf(new Source("", file + ".brief"), unknown);
    assertThat(of("data")).as("a file that is not appended to").isEmpty();
    assertThat(of("wrong ")).extracting(LogLine::text).containsExactly("wrong \uFFFD\uFFFD text");
    assertThat(of("xxx"))
        .singleElement()
        .satisfies(line -> assertThat(line.cut()).isTrue())
        .satisfies(line -> assertThat(line.text()).hasSize(8_192));
    assertThat(of("end")).hasSize(1);
    assertThat(metrics.logs().left()).as("the binary one").isEqualTo(1);
    assertThat(metrics.logs().lines()).isEqualTo(lines.size());
    assertThat(metrics.logs().joined()).isEqualTo(3L * requests);
    StringWriter text = new StringWriter();
    new PrometheusText(metrics, () -> AgentCounters.NONE).writeTo(text);
    assertThat(text.toString())
        .contains("\ntroth_observe_log_lines_total " + lines.size() + "\n")
        .contains("\ntroth_observe_log_lines_joined_total " + 3 * requests + "\n")
        .contains("\ntroth_observe_log_lines_left_total 1\n");
  }

  @Test
  void linesOfAnEventLoopBearNone() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("node");
    int port = Kernel.freePort();
    String script =
        "require('http').createServer((q,s)=>{console.log('out '+q.url.slice(1));s.end('ok')})"
            + ".listen(%d,'127.0.0.1');process.stdin.on('end',()=>process.exit()).resume()";
    try (Child server =
        Child.start(folder, List.of("node", "-e", script.formatted(port))).listening(port)) {
      observe(
          Selector.ofProcess(server.pid()),
          () -> {
            ask(port, 50);
            server.closeInput();
            assertThat(server.waitFor(Duration.ofSeconds(20))).isZero();
          });
    }
    assertThat(of("out ")).hasSize(50).allMatch(line -> line.request().isEmpty());
  }

  @Test
  void outputThatAJournalTakesIsSeenAndWhatIsSaidToTheNetworkIsNot() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    // Once it listens, it is Python alone that writes: a shell may have started it.
    try (Child writer = Child.python(folder, "journal.py", port).listening(port)) {
      observe(
          Selector.ofProcess(writer.pid()),
          () -> {
            writer.closeInput();
            assertThat(writer.waitFor(Duration.ofSeconds(20))).isZero();
          });
    }
    assertThat(lines).extracting(LogLine::text).containsExactly("for the journal");
  }

  @Test
  void aProgramWithoutACLibraryIsNamed() throws Exception {
    Kernel.requirePrivilege();
    assumeTrue(
        System.getProperty("os.arch", "").equals("amd64"),
        "the test of a program without a C library is skipped: it is one for x86-64");
    Path program = folder.resolve("waits");
    Files.write(program, programThatWaits());
    assertThat(program.toFile().setExecutable(true)).isTrue();
    try (Child server = Child.start(folder, List.of(program.toString()))) {
      observe(
          Selector.ofProcess(server.pid()),
          () ->
              Awaitility.await("it is said")
                  .atMost(Duration.ofSeconds(20))
                  .until(() -> said().stream().anyMatch(line -> line.startsWith("lines of"))));
    }
  }

  @Test
  void withoutBeingAskedNoLineIsSeen() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Observer observer;
    try (Child server =
        Child.python(folder, "lines.py", port, folder.resolve("app.log")).listening(port)) {
      observer = Observer.of(Selector.ofProcess(server.pid()));
      try (observer) {
        ask(port, 5);
      }
    }
    assertThat(observer.spans()).hasSize(5);
    assertThat(observer.metrics().logs().isOn()).isFalse();
  }

  /** An executable of x86-64 that does nothing but wait for a signal. */
  private static byte[] programThatWaits() {
    int head = 64 + 56;
    byte[] code = {(byte) 0xb8, 34, 0, 0, 0, 0x0f, 5, (byte) 0xeb, (byte) 0xf7};
    long base = 0x400000;
    ByteBuffer elf = ByteBuffer.allocate(head + code.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort((short) 2).putShort((short) 62).putInt(1);
    elf.putLong(base + head).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
    elf.putInt(1).putInt(5).putLong(0).putLong(base).putLong(base);
    elf.putLong(elf.capacity()).putLong(elf.capacity()).putLong(4096);
    return elf.put(code).array();
  }

  private interface Work {
    void run() throws Exception;
  }

  private synchronized List<String> said() {
    return List.copyOf(said);
  }

  private synchronized void say(String line) {
    said.add(line);
  }

  private void observe(Selector selector, Work work) throws Exception {
    ObserveConfig config =
        ObserveConfig.defaults()
            .withInstrument(List.of(selector))
            .withLimits(new Limits(1 << 25, 1, 0));
    SpanOutputs outputs = new SpanOutputs(List.of(spans::add), metrics, this::say, this::tell);
    try (Observation observation =
        Observation.open(config.withExports(config.exports().withLogs()), outputs)) {
      observation.agent().attach();
      Thread thread = Thread.ofPlatform().name("observer").start(observation.agent()::run);
      try {
        work.run();
      } finally {
        observation.agent().stop();
        thread.join();
      }
    }
  }

  private synchronized void tell(LogLine line) {
    lines.add(line);
  }

  private synchronized List<LogLine> of(String beginning) {
    return lines.stream().filter(line -> line.text().startsWith(beginning)).toList();
  }

  private static void ask(int port, int requests) throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        int number = i;
        all.add(callers.submit(() -> get(port, number)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static boolean get(int port, int number) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET /%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                  .formatted(number)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).endsWith("ok");
    }
    return true;
  }
}
