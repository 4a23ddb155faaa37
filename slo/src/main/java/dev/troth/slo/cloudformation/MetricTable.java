package dev.troth.slo.cloudformation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The metrics that the rules know, from {@code metrics.txt} beside this class. */
final class MetricTable {
  private static final Pattern STATISTIC =
      Pattern.compile("(sum|average|maximum|minimum|samplecount|p\\d{2,4})?");

  static final MetricTable KNOWN = read();

  private final Map<String, KnownMetric> metrics = new HashMap<>();

  private MetricTable() {}

  Optional<KnownMetric> find(String namespace, String metric) {
    return Optional.ofNullable(metrics.get(namespace + " " + metric));
  }

  /**
   * A metric by the name that exporters for Prometheus give it: {@code aws_lambda_errors_sum} is
   * {@code AWS/Lambda Errors}. They differ in where they put underscores.
   */
  Optional<KnownMetric> exported(String name) {
    String plain = squashed(name);
    return metrics.values().stream()
        .filter(metric -> {
          String start = squashed(metric.namespace() + metric.metric());
          return plain.startsWith(start)
              && STATISTIC.matcher(plain.substring(start.length())).matches();
        })
        .findFirst();
  }

  private static String squashed(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  private static MetricTable read() {
    MetricTable table = new MetricTable();
    try (InputStream in = MetricTable.class.getResourceAsStream("metrics.txt")) {
      if (in == null) {
        throw new IllegalStateException("metrics.txt is not on the class path");
      }
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          KnownMetric metric = metric(line);
          table.metrics.put(metric.namespace() + " " + metric.metric(), metric);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return table;
  }

  private static KnownMetric metric(String line) {
    String[] columns = line.split("\\s*\\|\\s*", -1);
    if (columns.length != 6) {
      throw new IllegalStateException("metrics.txt: '" + line + "', expected six columns");
    }
    String dimensions = columns[3];
    boolean none = dimensions.equals("none");
    return new KnownMetric(
        columns[0].strip(),
        columns[1],
        KnownMetric.Role.valueOf(columns[2].toUpperCase(Locale.ROOT)),
        none || dimensions.isEmpty() ? List.of() : List.of(dimensions.split("\\+")),
        none,
        columns[4],
        columns[5].strip());
  }
}
