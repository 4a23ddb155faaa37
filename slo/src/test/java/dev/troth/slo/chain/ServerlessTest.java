package dev.troth.slo.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Span.SpanKind;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/slo-serverless.md: each row's spans are judged as the row says. */
final class ServerlessTest {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));

  static Stream<Arguments> rows() throws IOException {
    List<Arguments> rows = new ArrayList<>();
    for (String line : Files.readString(ROOT.resolve("docs/slo-serverless.md")).lines().toList()) {
      String[] cells = line.split("\\s*\\|\\s*", -1);
      if (cells.length == 7 && !cells[1].equals("what happens") && !cells[1].equals("---")) {
        rows.add(Arguments.of(cells[1], cells[2], cells[3], cells[4]));
      }
    }
    return rows.stream();
  }

  @Test
  void noRowIsLeftOut() throws IOException {
    assertThat(rows()).hasSize(17);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void whatHappensCountsAsTheRowSays(String what, String spans, String strict, String last)
      throws IOException {
    assertThat(judged(spans, Retries.STRICT)).as(what + ", strict").isEqualTo(strict);
    assertThat(judged(spans, Retries.FINAL)).as(what + ", final").isEqualTo(last);
  }

  private static String judged(String requests, Retries retries) throws IOException {
    Path file = ROOT.resolve("examples/serverless/slo.yaml");
    Loaded loaded = ObjectiveFiles.read(Map.of("slo.yaml", Files.readString(file)));
    Chain declared = loaded.objectives().getFirst().chain().orElseThrow();
    Chain chain = new Chain(declared.steps(), retries, declared.missing(), declared.sampling());
    List<Span> trace = new ArrayList<>();
    for (String request : requests.split("\\s*;\\s*")) {
      long entry = trace.size() + 1;
      for (String span : request.split("\\s*,\\s*")) {
        trace.add(span(trace.size() + 1, entry, span));
      }
    }
    return Judge.judge(chain, trace).stream()
        .map(verdict -> verdict.outcome().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /** {@code table error}, {@code gateway 201} or {@code bus failed_entries=1}. */
  private static Span span(long id, long entry, String text) {
    String[] words = text.split(" ");
    String how = words[1];
    Map<String, String> attributes =
        how.matches("\\d+")
            ? Map.of("http.response.status_code", how)
            : how.startsWith("failed_entries=")
                ? Map.of("aws.eventbridge.failed_entries", how.substring(how.indexOf('=') + 1))
                : Map.of();
    assertThat(how).matches("ok|error|\\d{3}|failed_entries=\\d+");
    Span.Place place =
        switch (words[0]) {
          case "gateway" -> new Span.Place("orders-api", "POST /orders", SpanKind.SERVER);
          case "function" -> new Span.Place("orders-handler", "POST /orders", SpanKind.SERVER);
          case "table" -> new Span.Place("orders-handler", "PutItem", SpanKind.CLIENT);
          case "bus" -> new Span.Place("orders-handler", "PutEvents", SpanKind.CLIENT);
          default -> throw new AssertionError("no step '" + words[0] + "'");
        };
    long start = 1_800_000_000_000_000_000L + id * 1_000_000;
    return new Span(
        new Span.Ids("trace", id, id == entry ? 0 : entry),
        place,
        new Span.Interval(start, start + 1_000),
        how.equals("error"),
        attributes,
        1);
  }
}
