package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import dev.troth.server.ops.JsonLog;
import dev.troth.server.ops.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whoever sends one bad request after the other does not fill the log. */
class LogFloodTest {
  private static final int NONSENSE = 150;
  private static final int LINES_A_SECOND = 10;

  /** They come as far as a route. */
  private static final List<String> POSTS =
      Stream.of(
              "Transfer-Encoding: chunked\n\nG\n{}\n0\n\n",
              "Content-Length: 4\n\nnull",
              "Content-Length: 99\n\n{",
              "Bad Header: x\n\n")
          .map(rest ->
              "POST /api/records HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
                  + rest)
          .toList();

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @AfterEach
  void restore() throws Exception {
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void whatClientsDoWrongIsNotLogged() throws Exception {
    try (TestPlatform platform = TestPlatform.start()) {
      JsonLog.install(new PrintStream(log, true, StandardCharsets.UTF_8), LogLevel.INFO);
      for (int i = 0; i < 20; i++) {
        send(platform.port(), "\u0001\u0002\u0003 nonsense\n\n");
        send(platform.port(), "G\0T / HTTP/1.1\nHost: localhost\n\n");
        send(platform.port(), POSTS.get(i % POSTS.size()));
      }
    }
    assertThat(ofLibraries()).isEmpty();
    assertThat(lines()).noneMatch(line -> line.get("level").asString().equals("error"));
  }

  @Test
  void aBurstOfALibrarysLinesIsTenASecondWithoutTracesAndACountOfTheRest() {
    JsonLog.install(new PrintStream(log, true, StandardCharsets.UTF_8), LogLevel.INFO);
    Logger library = Logger.getLogger("io.helidon.webserver.http1.Http1Connection");
    for (int i = 0; i < NONSENSE; i++) {
      library.log(Level.WARNING, "Internal server error", new IllegalStateException("odd"));
    }
    await().untilAsserted(() -> assertThat(told() + leftOut()).isEqualTo(NONSENSE));
    assertThat(leftOut()).as("a burst that is longer than what may be said").isPositive();
    Map<String, Long> perSecond =
        ofLibraries()
            .collect(
                Collectors.groupingBy(
                    line -> line.get("at").asString().substring(0, 19), Collectors.counting()));
    assertThat(perSecond.values()).allMatch(count -> count <= LINES_A_SECOND);
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("\\tat ");
  }

  private Stream<JsonNode> lines() {
    return log.toString(StandardCharsets.UTF_8).lines().map(line -> Json.mapper().readTree(line));
  }

  private Stream<JsonNode> ofLibraries() {
    return lines().filter(line -> line.get("logger").asString().startsWith("io.helidon"));
  }

  private long told() {
    return ofLibraries().count();
  }

  /** What the lines say that count the others. */
  private long leftOut() {
    return lines()
        .filter(line -> line.get("logger").asString().equals("troth.log"))
        .map(line -> line.get("message").asString())
        .mapToLong(message -> Long.parseLong(message.substring(0, message.indexOf(' '))))
        .sum();
  }

  /** Sends what no server can read, and says nothing more. */
  private static void send(int port, String request) throws IOException {
    try (RawHttp client = new RawHttp(port)) {
      client.say(request).endOfInput().readAll();
    }
  }
}
