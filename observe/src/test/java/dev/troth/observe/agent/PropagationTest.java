package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.LoadedPrograms;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trace contexts that are put into requests while they are sent. */
final class PropagationTest {
  @TempDir Path folder;

  static ObserveConfig propagating(Selector... selectors) {
    return ObserveConfig.defaults().withInstrument(List.of(selectors)).withPropagation();
  }

  @Test
  void everyByteArrivesAsItWasSentAndEachLineNamesItsOwnSpan() throws Exception {
    Kernel.requirePropagation();
    Kernel.requireProgram("python3");
    long seed = new Random().nextInt(1 << 30);
    System.out.println("seed " + seed);
    Path arrived = folder.resolve("arrived");
    Observer observer;
    try (Child peers =
        Child.python(folder, "exact.py", Size.count(3_000, 100_000), arrived, seed)) {
      observer = Observer.of(propagating(Selector.ofProcess(peers.pid())));
      try (observer) {
        peers.closeInput();
        int status = peers.waitFor(Duration.ofMinutes(8));
        String said = Files.readString(folder.resolve("child.log"));
        System.out.println(said);
        assertThat(status).as(said).isZero();
        for (String never : List.of("pieces", "chunked", "CONNECT", "upgrade", "h2c", "TLS")) {
          assertThat(said).doesNotContain(never + " with ");
        }
        for (String always :
            List.of("plain", "body at once", "body apart", "sendfile", "MSG_MORE", "vector")) {
          assertThat(said).contains(always + " with ").doesNotContain("\n" + always + " without");
        }
      }
    }
    Map<String, String> contexts = new HashMap<>();
    for (String line : Files.readAllLines(arrived)) {
      contexts.put(line.split(" ")[0], line.split(" ")[1]);
    }
    int told = 0;
    for (Span span : observer.spans()) {
      if (span.role() != Role.CLIENT) {
        continue;
      }
      String url = Observer.text(span, "url.full");
      String context = contexts.get(url.substring(url.lastIndexOf('/') + 1));
      if (context != null) {
        told++;
        assertThat(context).isEqualTo("00-%s-%016x-01".formatted(span.traceId(), span.id()));
        assertThat(span.parent()).isZero();
      }
    }
    System.out.printf("%d lines, %d told of, %s%n", contexts.size(), told, observer.counters());
    assertThat(told).isEqualTo(contexts.size());
    assertThat(observer.counters().injected()).isEqualTo(contexts.size());
  }

  /** An agent in a process of its own, which listens when it has attached. */
  static final class AgentProcess {
    private AgentProcess() {}

    public static void main(String[] args) throws Exception {
      Observer.of(propagating(Selector.ofProcess(Integer.parseInt(args[0]))));
      new java.net.ServerSocket(
              Integer.parseInt(args[1]), 1, java.net.InetAddress.getLoopbackAddress())
          .accept();
      Thread.currentThread().join();
    }
  }

  /** A process that sends requests on kept connections and counts what comes. */
  private final class Steady implements AutoCloseable {
    private final Path told;
    private final Child process;

    Steady(String name) throws IOException {
      told = folder.resolve(name);
      process = Child.python(folder, "steady.py", told);
    }

    Steady begin() throws IOException {
      process.say("b");
      awaitMore("without", "with");
      return this;
    }

    /** Waits until a hundred more are counted as one of these. */
    void awaitMore(String... kinds) {
      long before = count(kinds);
      Awaitility.await().until(() -> count(kinds) >= before + 100);
    }

    long count(String... kinds) {
      try {
        String[] words = Files.exists(told) ? Files.readString(told).split(" ") : new String[0];
        long sum = 0;
        for (int i = 0; i + 1 < words.length; i += 2) {
          sum += List.of(kinds).contains(words[i]) ? Long.parseLong(words[i + 1]) : 0;
        }
        return sum;
      } catch (IOException unreadable) {
        throw new java.io.UncheckedIOException(unreadable);
      }
    }

    void end() throws Exception {
      process.closeInput();
      assertThat(process.waitFor(Duration.ofMinutes(1))).isZero();
      assertThat(count("wrong")).isZero();
    }

    @Override
    public void close() {
      process.close();
    }
  }

  @Test
  void aKilledAgentLeavesNothingAttachedAndOpenConnectionsUnharmed() throws Exception {
    Kernel.requirePropagation();
    Kernel.requireProgram("python3");
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Set<Integer> before = LoadedPrograms.names(bpf).keySet();
    int port = Kernel.freePort();
    try (Steady steady = new Steady("steady");
        Child agent =
            Child.java(
                folder, AgentProcess.class, "" + steady.process.pid(), Integer.toString(port))) {
      agent.listening(port);
      steady.begin();
      steady.awaitMore("with");
      agent.kill();
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(LoadedPrograms.names(bpf))
                  .allSatisfy((id, name) ->
                      assertThat(before.contains(id) || !name.startsWith("troth_")).isTrue()));
      long with = steady.count("with");
      steady.awaitMore("without");
      assertThat(steady.count("with")).as("after the end of the programs").isLessThan(with + 5);
      steady.end();
    }
  }

  @Test
  void onlyTargetsAndOnlyNewConnectionsAreTouchedAndAllAreWhenTheAgentEnds() throws Exception {
    Kernel.requirePropagation();
    Kernel.requireProgram("python3");
    try (Steady early = new Steady("early").begin();
        Steady late = new Steady("late");
        Steady stranger = new Steady("stranger")) {
      Observer observer =
          Observer.of(
              propagating(
                  Selector.ofProcess(early.process.pid()), Selector.ofProcess(late.process.pid())));
      try (observer) {
        late.begin();
        stranger.begin();
        early.awaitMore("without");
        stranger.awaitMore("without");
        late.awaitMore("with");
      }
      long with = late.count("with");
      late.awaitMore("without");
      assertThat(late.count("with") - with).as("under way when it ended").isLessThan(5);
      assertThat(early.count("with")).isZero();
      assertThat(stranger.count("with")).isZero();
      early.end();
      late.end();
      stranger.end();
    }
  }

  @Test
  void withoutBeingAskedNothingIsTouched() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    try (Steady steady = new Steady("steady")) {
      Observer observer = Observer.of(Selector.ofProcess(steady.process.pid()));
      try (observer) {
        steady.begin();
        steady.awaitMore("without");
      }
      assertThat(steady.count("with")).isZero();
      steady.end();
    }
  }
}
