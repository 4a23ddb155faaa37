package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proxies under concurrent load: each request carries a number through to the request that it
 * causes, so that a wrong parent shows. None is allowed, whatever the proxy's threads do.
 */
final class ParentTest {
  @TempDir Path folder;

  private boolean propagates;

  /** What became of the client spans: linked to their own server span, roots, or wrong. */
  private record Links(int servers, int joined, int linked, int roots, int wrong) {}

  @Test
  void oneThreadARequestIsLinked() throws Exception {
    Links links = java("platform");
    assertThat(links.wrong).isZero();
    assertThat(links.linked).isGreaterThan(links.roots);
  }

  @Test
  void oneThreadARequestIsLinkedWhereContextsAreWrittenToo() throws Exception {
    Kernel.requirePropagation();
    propagates = true;
    Links links = java("platform");
    assertThat(links.wrong).isZero();
    assertThat(links.linked).isGreaterThan(links.roots);
  }

  @Test
  void virtualThreadsAreNeverGuessedWhereContextsAreWrittenEither() throws Exception {
    Kernel.requirePropagation();
    propagates = true;
    Links links = java("virtual");
    assertThat(links.wrong).isZero();
    assertThat(links.joined).isEqualTo(links.roots + links.linked);
  }

  @Test
  void nodeIsJoinedByWhatIsWrittenAndNeverGuessed() throws Exception {
    propagates = true;
    nodeIsNeverGuessed();
  }

  @Test
  void virtualThreadsAreNeverGuessed() throws Exception {
    assertThat(java("virtual").wrong).isZero();
  }

  @Test
  void aPoolThatHandsRequestsOnIsNeverGuessed() throws Exception {
    assertThat(java("handoff").wrong).isZero();
  }

  @Test
  void nodeIsNeverGuessed() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("node");
    int port = Kernel.freePort();
    Path script = Path.of(ParentTest.class.getResource("/servers/proxy.js").toURI());
    try (Child proxy =
        Child.start(folder, List.of("node", script.toString(), Integer.toString(port)))) {
      Links links = links("node", port, proxy);
      assertThat(links.wrong).isZero();
      assertThat(links.roots).isEqualTo(links.joined);
    }
  }

  @Test
  void aPythonWorkerThatHandlesOneRequestAfterTheOtherIsLinked() throws Exception {
    Links links = python("sync");
    assertThat(links.wrong).isZero();
    assertThat(links.linked).isGreaterThan(links.roots);
  }

  @Test
  void asyncioIsNeverGuessed() throws Exception {
    Links links = python("asyncio");
    assertThat(links.wrong).isZero();
    assertThat(links.linked).isZero();
  }

  private Links python(String kind) throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("python3");
    int port = Kernel.freePort();
    Path script = Path.of(ParentTest.class.getResource("/servers/outgoing.py").toURI());
    try (Child proxy =
        Child.start(folder, List.of("python3", script.toString(), kind, Integer.toString(port)))) {
      return links("python " + kind, port, proxy);
    }
  }

  private Links java(String threads) throws Exception {
    Kernel.requirePrivilege();
    int port = Kernel.freePort();
    try (Child proxy = Child.java(folder, ProxyServer.class, Integer.toString(port), threads)) {
      return links(threads, port, proxy);
    }
  }

  private Links links(String name, int port, Child proxy) throws Exception {
    proxy.listening(port);
    ObserveConfig config =
        ObserveConfig.defaults()
            .withInstrument(List.of(Selector.ofProcess(proxy.pid())))
            .withLimits(new Limits(1 << 24, 1, 0));
    Observer observer = Observer.of(propagates ? config.withPropagation() : config);
    try (observer) {
      load(port, Size.count(2, 40), Size.count(64, 256));
    }
    Links links = links(observer.spans());
    System.out.printf("%s: %s, %s%n", name, links, observer.counters());
    assertThat(links.joined).as("requests joined to their clients").isPositive();
    return links;
  }

  private static Links links(List<Span> spans) {
    Map<Long, Span> byId = new HashMap<>();
    spans.forEach(span -> byId.put(span.id(), span));
    int servers = 0;
    int joined = 0;
    int linked = 0;
    int roots = 0;
    int wrong = 0;
    for (Span span : spans) {
      Span parent = byId.get(span.parent());
      if (parent != null) {
        boolean right =
            number(parent).equals(number(span))
                && parent.role() != span.role()
                && parent.traceLow() == span.traceLow();
        wrong += right ? 0 : 1;
      }
      if (span.role() == Role.SERVER) {
        servers++;
        joined += parent == null ? 0 : 1;
      } else {
        linked += parent == null ? 0 : 1;
        roots += span.parent() == 0 ? 1 : 0;
      }
    }
    return new Links(servers, joined, linked, roots, wrong);
  }

  private static String number(Span span) {
    String path =
        span.role() == Role.SERVER
            ? Observer.text(span, "url.path")
            : Observer.text(span, "url.full");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void load(int port, int seconds, int concurrency)
      throws IOException, InterruptedException, java.net.URISyntaxException {
    Kernel.requireProgram("wrk");
    Path script = Path.of(ParentTest.class.getResource("/servers/proxy.lua").toURI());
    try (Child wrk =
        Child.start(
            folder,
            List.of(
                "wrk",
                "-t1",
                "-c" + concurrency,
                "-d" + seconds + "s",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + port))) {
      assertThat(wrk.waitFor(Duration.ofSeconds(seconds + 30L))).isZero();
    }
  }
}
