package dev.troth.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JsonLogTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @AfterEach
  void restore() throws Exception {
    LogManager.getLogManager().readConfiguration();
  }

  private List<JsonNode> lines() {
    return bytes
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> Json.mapper().readTree(line))
        .toList();
  }

  private void install(LogLevel least) {
    JsonLog.install(new PrintStream(bytes, true, StandardCharsets.UTF_8), least);
  }

  @Test
  void anEventIsOneLineWhateverItHolds() {
    install(LogLevel.INFO);
    System.getLogger("troth.test").log(Level.INFO, "two\nlines and a \"quote\"");
    JsonNode line = lines().getFirst();
    assertThat(lines()).hasSize(1);
    assertThat(line.get("level").asString()).isEqualTo("info");
    assertThat(line.get("logger").asString()).isEqualTo("troth.test");
    assertThat(line.get("message").asString()).isEqualTo("two\nlines and a \"quote\"");
  }

  @Test
  void aFailureCarriesItsStackAndTheTraceOfItsRequest() {
    install(LogLevel.INFO);
    String id = "4bf92f3577b34da6a3ce929d0e0e4736";
    Trace.run(
        "00-" + id + "-00f067aa0ba902b7-01",
        () -> System.getLogger("t").log(Level.ERROR, "broke", new IllegalStateException("why")));
    assertThat(lines().getFirst().get("trace_id").asString()).isEqualTo(id);
    assertThat(lines().getFirst().get("error").asString()).contains("IllegalStateException: why");
  }

  @Test
  void whatIsLessSevereIsLeftOut() {
    install(LogLevel.WARNING);
    System.getLogger("t").log(Level.INFO, "no");
    System.getLogger("t").log(Level.WARNING, "yes");
    assertThat(lines()).extracting(line -> line.get("message").asString()).containsExactly("yes");
  }

  @Test
  void aTraceparentThatIsNotOneGetsAnIdOfItsOwn() {
    for (String given : new String[] {"", "x", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01"}) {
      Trace.run(
          given,
          () ->
              assertThat(Trace.current().orElseThrow())
                  .matches("[0-9a-f]{32}")
                  .isNotEqualTo("0".repeat(32)));
    }
  }

  @Test
  void linesThatAreSaidTogetherAreWrittenAtOnceAndHeardOneByOne() {
    AtomicInteger writes = new AtomicInteger();
    PrintStream counting =
        new PrintStream(bytes, true, StandardCharsets.UTF_8) {
          @Override
          public void write(byte[] text, int from, int length) {
            writes.incrementAndGet();
            super.write(text, from, length);
          }
        };
    JsonLog.install(counting, LogLevel.INFO);
    List<String> heard = new ArrayList<>();
    Handler other =
        new Handler() {
          @Override
          public void publish(LogRecord event) {
            heard.add(event.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("troth.lines");
    logger.addHandler(other);
    try {
      new LogLines("troth.lines").say(List.of("one", "two \"quoted\"", "three"));
    } finally {
      logger.removeHandler(other);
    }
    assertThat(writes).hasValue(1);
    assertThat(heard).containsExactly("one", "two \"quoted\"", "three");
    assertThat(lines())
        .extracting(line -> line.get("message").asString())
        .containsExactly("one", "two \"quoted\"", "three");
    assertThat(lines()).extracting(line -> line.get("at").asString()).doesNotContain("");
    assertThat(lines())
        .extracting(line -> line.get("logger").asString())
        .containsOnly("troth.lines");
  }
}
