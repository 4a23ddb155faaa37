package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.troth.observe.discovery.ProcessTable;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.kernel.LoadedPrograms;
import dev.troth.observe.span.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes come and go, the agent itself included. */
final class LifecycleTest {
  @TempDir Path folder;

  /** An agent in a process of its own, which says so when it has attached. */
  static final class AgentProcess {
    private AgentProcess() {}

    public static void main(String[] args) throws IOException {
      Observer.of(Selector.ofPorts("1-65535"));
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
              1);
      server.start();
    }
  }

  @Test
  void everyProcessOfTheMachineIsSeenByItsOwnName() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int java = Kernel.freePort();
    int python = Kernel.freePort();
    Observer observer;
    try (Child one =
        Child.java(folder, LoggingServer.class, "" + java, folder.resolve("all.log").toString())) {
      one.listening(java);
      observer = Observer.of(Selector.ofExecutable("*"));
      try (observer;
          Child other = Child.python(folder, "python.py", python, folder.resolve("python.log"))) {
        other.listening(python);
        awaitSpans(observer, java, "/all-java");
        awaitSpans(observer, python, "/all-python");
      }
    }
    assertThat(observer.spans().stream().filter(span -> Observer.line(span).contains("/all")))
        .extracting(span -> span.target().service())
        .contains("LoggingServer", "python");
  }

  @Test
  void killingTheAgentLeavesNothingBehind() throws Exception {
    Kernel.requirePrivilege();
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Set<Integer> before = new TreeSet<>(LoadedPrograms.names(bpf).keySet());
    int port = Kernel.freePort();
    try (Child agent = Child.java(folder, AgentProcess.class, Integer.toString(port))) {
      agent.listening(port);
      assertThat(added(bpf, before)).hasSizeGreaterThanOrEqualTo(6);
      agent.kill();
    }
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(
                    LoadedPrograms.names(bpf).entrySet().stream()
                        .filter(program -> !before.contains(program.getKey())))
                .noneMatch(program -> program.getValue().startsWith("troth_")));
  }

  @Test
  void nothingIsAttachedAnyMoreWhenItHasEnded() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    long before = links();
    List<String> idle = List.of("python3", "-c", "import _ssl, sys; sys.stdin.read()");
    try (Child one = Child.start(folder, idle);
        Child other = Child.start(folder, idle)) {
      ProcessTable table = new ProcessTable(Path.of("/proc"));
      Awaitility.await()
          .until(() -> table.maps(one.pid(), "libssl.so") && table.maps(other.pid(), "libssl.so"));
      try (Observer observer =
          Observer.of(Selector.ofProcess(one.pid()), Selector.ofProcess(other.pid()))) {
        assertThat(observer.counters().lost()).isZero();
        assertThat(links() - before).as("sockets, processes, OpenSSL twice").isGreaterThan(12);
      }
      assertThat(links()).isEqualTo(before);
    }
  }

  /** The attachments that this process holds. */
  private static long links() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(LifecycleTest::isLink).count();
    }
  }

  private static boolean isLink(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("bpf_link");
    } catch (IOException closed) {
      return false;
    }
  }

  private static Set<Integer> added(Bpf bpf, Set<Integer> before) {
    Set<Integer> now = new TreeSet<>(LoadedPrograms.names(bpf).keySet());
    now.removeAll(before);
    return now;
  }

  @Test
  void seesAServerThatStartsLaterAndOnceMore() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Observer observer = Observer.of(Selector.ofPorts(Integer.toString(port)));
    try (observer) {
      for (String path : List.of("/first", "/second")) {
        try (Child server = python(port)) {
          server.listening(port);
          awaitSpans(observer, port, path);
        }
      }
    }
  }

  @Test
  void twoAgentsSeeTheSame() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Observer one = Observer.of(Selector.ofPorts(Integer.toString(port)));
    Observer other = Observer.of(Selector.ofPorts(Integer.toString(port)));
    try (one;
        other;
        Child server = python(port)) {
      server.listening(port);
      awaitSpans(one, port, "/both");
      awaitSpans(other, port, "/both");
    }
  }

  @Test
  void seesAProcessInAnotherNetworkNamespace() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    Kernel.requireProgram("unshare");
    int port = Kernel.freePort();
    String script =
        """
        ip link set lo up 2>/dev/null || ifconfig lo up
        python3 %s %d %s &
        # The first requests may come before the agent has noticed the process.
        for i in $(seq 60); do
          python3 - <<'E'
        import http.client
        connection = http.client.HTTPConnection('127.0.0.1', %d)
        connection.request('GET', '/apart')
        connection.getresponse().read()
        E
          sleep 0.2
        done
        wait
        """
            .formatted(script("python.py"), port, folder.resolve("log"), port);
    Selector selector = Selector.ofPorts(Integer.toString(port));
    Observer everywhere = Observer.of(selector.ofEveryNetwork());
    Observer here = Observer.of(selector);
    try (everywhere;
        here;
        Child apart = Child.start(folder, List.of("unshare", "-n", "bash", "-c", script))) {
      assertThat(apart.pid()).isPositive();
      Awaitility.await().until(() -> saw(everywhere, "/apart"));
    }
    assertThat(saw(here, "/apart")).as("a port of another network is another port").isFalse();
  }

  @Test
  void namesWhatIsMissingWithoutThePrivilege() {
    assertThat(Capabilities.missing())
        .satisfiesAnyOf(
            missing -> assertThat(missing).isEmpty(),
            missing -> assertThat(missing.orElseThrow()).contains("CAP_BPF"));
  }

  @Test
  void aNumberThatIsGivenAgainIsNotWatched() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    int other = Kernel.freePort();
    Observer observer = Observer.of(Selector.ofPorts(Integer.toString(port)));
    try (observer) {
      int number;
      try (Child target = python(port)) {
        target.listening(port);
        awaitSpans(observer, port, "/mine");
        number = target.pid();
      }
      Path chosen = folder.resolve("number");
      try (Child stranger = Child.start(folder, List.of("bash", "-c", sameNumber(number, other)))) {
        stranger.listening(other);
        assumeTrue(
            Files.readString(chosen).strip().equals(Integer.toString(number)),
            "the reuse of a process number is skipped: it was not given again");
        for (int i = 0; i < 20; i++) {
          ask(other, "/strange");
        }
        try (Child again = python(port)) {
          again.listening(port);
          awaitSpans(observer, port, "/again");
        }
        assertThat(saw(observer, "/strange")).isFalse();
      }
    }
  }

  /** Tries until a server gets the number that another process has had. */
  private String sameNumber(int number, int port) {
    return """
    for turn in $(seq 200); do
      echo %d > /proc/sys/kernel/ns_last_pid || break
      python3 %s %d %s &
      [ $! = %d ] && break
      kill -9 $!; wait $!
    done 2>/dev/null
    echo $! > %s
    wait
    """
        .formatted(
            number - 1,
            script("python.py"),
            port,
            folder.resolve("other"),
            number,
            folder.resolve("number"));
  }

  private Child python(int port) throws IOException {
    return Child.start(
        folder,
        List.of(
            "python3",
            script("python.py"),
            Integer.toString(port),
            folder.resolve("log").toString()));
  }

  private static String script(String name) {
    try {
      return Path.of(LifecycleTest.class.getResource("/servers/" + name).toURI()).toString();
    } catch (java.net.URISyntaxException impossible) {
      throw new IllegalStateException("a resource has a path", impossible);
    }
  }

  private static void ask(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }

  /** Asks until it is seen; a server that starts later is noticed a moment after it listens. */
  private static void awaitSpans(Observer observer, int port, String path) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          ask(port, path);
          return saw(observer, path);
        });
  }

  private static boolean saw(Observer observer, String path) {
    return observer.spans().stream()
        .anyMatch((Span span) -> Observer.text(span, "url.path").equals(path));
  }
}
