package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.WebAddress;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.RangeAnswer;
import dev.troth.slo.export.PrometheusQueries;
import dev.troth.slo.export.RefusedException;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.rules.RefusedRulesException;
import dev.troth.slo.rules.SampleCounts;
import dev.troth.slo.series.SeriesStore;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A history that Prometheus keeps. */
final class PrometheusOptions {
  /** Prometheus answers at most 11,000 points. */
  private static final int POINTS = 10_000;

  /** Far more than 11,000 points of one series take. */
  private static final long LONGEST_ANSWER = 16L << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Option(
      names = "--prometheus",
      paramLabel = "URL",
      description = {
        "Asks Prometheus for the counts of the objective, by the queries of its file or by the",
        "platform's counters; needs --from and --to."
      })
  @Nullable URI url;

  @Option(
      names = "--step",
      paramLabel = "LENGTH",
      defaultValue = "1m",
      description =
          "How far points are apart, also of samples; at least two scrapes long (default:"
              + " ${DEFAULT-VALUE}).")
  private String step = "1m";

  boolean isGiven() {
    return url != null;
  }

  List<Minute> minutes(Objective objective, Loaded loaded, TimeRange range) {
    URI base = WebAddress.of("--prometheus", requireNonNull(url));
    Duration every = step();
    Instant begin = range.from();
    Instant end = range.to();
    PrometheusQueries queries = queries(objective, loaded, every);
    Map<Long, Double> total = values(queries.total(), begin, end, every);
    if (total.isEmpty()) {
      throw CommandException.usage(
          "%s has no events of %s in that time: is a scrape longer than half of --step %s?"
              .formatted(base, objective.name(), step));
    }
    return RangeAnswer.minutes(total, values(queries.bad(), begin, end, every), every);
  }

  private static PrometheusQueries queries(Objective objective, Loaded loaded, Duration every) {
    try {
      return PrometheusQueries.of(objective, loaded, every);
    } catch (RefusedException refused) {
      throw CommandException.usage(String.valueOf(refused.getMessage()));
    }
  }

  /** The same queries over a file of samples. */
  List<Minute> minutes(Objective objective, Loaded loaded, Path file) {
    Duration every = step();
    PrometheusQueries queries = queries(objective, loaded, every);
    SeriesStore samples = CountFiles.samples(file);
    try {
      List<Minute> minutes = SampleCounts.minutes(samples, queries.total(), queries.bad(), every);
      if (minutes.isEmpty()) {
        throw CommandException.usage(
            "%s has no events of %s, counted by %s: is a scrape longer than half of --step %s?"
                .formatted(file, objective.name(), queries.total(), step));
      }
      return minutes;
    } catch (RefusedRulesException refused) {
      throw CommandException.usage(
          "%s: %s".formatted(objective.name(), String.join("; ", refused.reasons())));
    }
  }

  private Duration step() {
    try {
      Duration length = Durations.parse(step);
      if (length.toMinutes() >= 1 && length.toSeconds() % 60 == 0) {
        return length;
      }
    } catch (IllegalArgumentException wrong) {
      // said below, with what was expected
    }
    throw CommandException.usage(
        "--step is '%s', expected whole minutes such as 5m".formatted(step));
  }

  private Map<Long, Double> values(String query, Instant begin, Instant end, Duration every) {
    Map<Long, Double> values = new TreeMap<>();
    Instant first = begin.plus(every);
    while (!first.isAfter(end)) {
      Instant last = first.plus(every.multipliedBy(POINTS - 1L));
      values.putAll(ask(query, first, last.isAfter(end) ? end : last, every));
      first = last.plus(every);
    }
    return values;
  }

  /** The whole answer within a time and a size: who answers may be anybody. */
  private static String fetched(URI base, URI asked) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try {
      HttpResponse<String> answer =
          client
              .sendAsync(
                  HttpRequest.newBuilder(asked).timeout(PATIENCE).build(),
                  BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER))
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() / 100 == 3) {
        throw CommandException.failed(
            "%s answers %d, a redirect, which is not followed: name the address that it leads to"
                .formatted(base, answer.statusCode()));
      }
      return answer.body();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException why ? why : new IOException(failed.getCause());
    } catch (TimeoutException late) {
      throw CommandException.failed(
          "%s did not answer within %d s".formatted(base, PATIENCE.toSeconds()));
    } finally {
      client.shutdownNow();
    }
  }

  private Map<Long, Double> ask(String query, Instant first, Instant last, Duration every) {
    URI base = requireNonNull(url);
    String asked =
        "%s/api/v1/query_range?query=%s&start=%d&end=%d&step=%d"
            .formatted(
                base.toString().replaceAll("/+$", ""),
                URLEncoder.encode(query, StandardCharsets.UTF_8),
                first.getEpochSecond(),
                last.getEpochSecond(),
                every.toSeconds());
    try {
      return RangeAnswer.values(JsonReader.read(fetched(base, URI.create(asked))));
    } catch (IOException unreachable) {
      throw CommandException.failed("%s cannot be asked: %s".formatted(base, unreachable));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted while %s was asked".formatted(base));
    } catch (IllegalArgumentException | JsonException wrong) {
      throw CommandException.failed("%s: %s".formatted(base, wrong.getMessage()));
    }
  }
}
