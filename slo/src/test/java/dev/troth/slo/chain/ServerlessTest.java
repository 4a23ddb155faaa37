package dev.troth.slo.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.ObjectivesForTests;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Span.SpanKind;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.engine.SloEngine;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/slo-serverless.md: each row's spans are judged as the row says. */
final class ServerlessTest {
  private static final Pattern METRIC = Pattern.compile("`([A-Z0-9][A-Za-z0-9]+)`");
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

  @Test
  void everyMetricThatARowNamesIsOneThatCloudWatchHas() throws IOException {
    // What callers do wrong is counted by none of the rules.
    Set<String> known = new TreeSet<>(Set.of("4XXError"));
    try (var table = Chain.class.getResourceAsStream("/dev/troth/slo/cloudformation/metrics.txt")) {
      new String(requireNonNull(table).readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split("\\s*\\|\\s*"))
          .filter(cells -> cells.length > 2 && !cells[2].equals("absent"))
          .forEach(cells -> known.add(cells[1]));
    }
    Set<String> named = new TreeSet<>();
    for (String line : Files.readString(ROOT.resolve("docs/slo-serverless.md")).lines().toList()) {
      String[] cells = line.split("\\s*\\|\\s*", -1);
      Matcher metric = METRIC.matcher(cells.length == 7 ? cells[5] : "");
      while (metric.find()) {
        named.add(metric.group(1));
      }
    }
    assertThat(named).hasSizeGreaterThan(8);
    assertThat(known).containsAll(named);
  }

  @Test
  void whatIsUnknownIsBadInTheExampleAndCountsAsNeitherWhereItIsExcluded() throws IOException {
    assertThat(counted(Chain.Missing.BAD)).isEqualTo("1 bad of 1, 1 unknown");
    assertThat(counted(Chain.Missing.EXCLUDED)).isEqualTo("0 bad of 0, 1 unknown");
    assertThat(declared().missing()).isEqualTo(Chain.Missing.BAD);
  }

  /** The event that is never sent, as an engine counts it. */
  private static String counted(Chain.Missing missing) throws IOException {
    Chain own = declared();
    Chain chain = new Chain(own.steps(), own.retries(), missing, own.sampling());
    Instant now = Instant.ofEpochSecond(1_800_000_000L);
    ObjectiveEngine one =
        new ObjectiveEngine(
            ObjectivesForTests.objective(
                "orders", new Measure.Requests(chain, CountingMethod.EXACT), 0.99),
            AlertMemory.fresh(now.getEpochSecond()),
            now.minusSeconds(3_600));
    SloEngine engine = new SloEngine(List.of(one), Requests.Limits.DEFAULT);
    for (Span span : trace("gateway 201, function ok, table ok")) {
      var _ = engine.accept(span, now);
    }
    engine.tick(now.plusSeconds(180));
    ObjectiveStatus standing = one.standing();
    return "%d bad of %d, %d unknown"
        .formatted(standing.counts().badHigh(), standing.counts().total(), standing.unknown());
  }

  private static Chain declared() throws IOException {
    Path file = ROOT.resolve("examples/serverless/slo.yaml");
    Loaded loaded = ObjectiveFiles.read(Map.of("slo.yaml", Files.readString(file)));
    return loaded.objectives().getFirst().chain().orElseThrow();
  }

  private static String judged(String requests, Retries retries) throws IOException {
    Chain declared = declared();
    Chain chain = new Chain(declared.steps(), retries, declared.missing(), declared.sampling());
    return Judge.judge(chain, trace(requests)).stream()
        .map(verdict -> verdict.outcome().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static List<Span> trace(String requests) {
    List<Span> trace = new ArrayList<>();
    for (String request : requests.split("\\s*;\\s*")) {
      long entry = trace.size() + 1;
      for (String span : request.split("\\s*,\\s*")) {
        trace.add(span(trace.size() + 1, entry, span));
      }
    }
    return trace;
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
