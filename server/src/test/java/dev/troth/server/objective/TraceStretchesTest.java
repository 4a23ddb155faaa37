package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A trace is answered in stretches, and says so. */
final class TraceStretchesTest {
  private static final String TRACE = "5b8efff798038103d269b633813fc60c";

  @Test
  void aLongTraceComesInStretchesThatAreMarked() {
    try (TestPlatform platform = TestPlatform.start()) {
      send(platform, 2_345);
      List<String> names = new ArrayList<>();
      String at = "/api/traces/" + TRACE;
      for (String next = at; !next.isEmpty(); ) {
        JsonNode trace = platform.get(next).json();
        assertThat(trace.path("truncated").asBoolean()).isTrue();
        assertThat(trace.path("spans").size()).isLessThanOrEqualTo(1_000);
        trace.path("spans").forEach(span -> names.add(span.path("name").asString()));
        next = trace.has("next") ? at + "?from=" + trace.path("next").asInt() : "";
      }
      assertThat(names)
          .containsExactlyElementsOf(IntStream.range(0, 2_345).mapToObj(i -> "step " + i).toList());
      JsonNode whole = platform.get(at + "?limit=10000").json();
      assertThat(whole.path("spans")).hasSize(2_345);
      assertThat(whole.has("truncated")).isFalse();
      assertThat(platform.get(at + "?limit=10001").status()).isEqualTo(400);
    }
  }

  private static void send(TestPlatform platform, int count) {
    String spans =
        IntStream.range(0, count)
            .mapToObj(i ->
                """
                {"traceId":"%s","spanId":"%016x","name":"step %d","kind":2,
                 "startTimeUnixNano":"%d","endTimeUnixNano":"%d"}
                """
                    .formatted(
                        TRACE, i + 1, i, start(platform) + i * 1_000L, start(platform) + 9_000_000))
            .collect(Collectors.joining(","));
    String body =
        """
        {"resourceSpans":[{"resource":{"attributes":[
          {"key":"service.name","value":{"stringValue":"long"}}]},"scopeSpans":[{"spans":[%s]}]}]}
        """
            .formatted(spans);
    String otlp = "http://127.0.0.1:" + platform.port("otlp-http") + "/v1/traces";
    assertThat(platform.post(otlp, body).status()).isEqualTo(200);
  }

  private static long start(TestPlatform platform) {
    return platform.clock().instant().toEpochMilli() * 1_000_000 - 10_000_000;
  }
}
