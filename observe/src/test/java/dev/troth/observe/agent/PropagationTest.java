package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
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
import java.util.Random;
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
}
