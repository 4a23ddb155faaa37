package dev.troth.observe.config;

import dev.troth.json.file.Section;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Reads where spans and metrics go: from the settings, and from the exporters' variables. */
final class ExportReader {
  private static final String HEADERS = "otlp.headers.";
  private static final int GRPC_PORT = 4317;
  private static final int SHORTEST_INTERVAL_MILLIS = 100;

  private final Section settings;
  private final Map<String, String> environment;
  private final List<String> problems;

  ExportReader(Section settings, Map<String, String> environment, List<String> problems) {
    this.settings = settings;
    this.environment = environment;
    this.problems = problems;
  }

  Exports read() {
    Optional<String> shortEndpoint = settings.read("otlp.endpoint", Section::text);
    Optional<String> traceEndpoint = settings.read("otel_traces_export.endpoint", Section::text);
    Optional<String> metricEndpoint = settings.read("otel_metrics_export.endpoint", Section::text);
    Optional<String> endpoint =
        variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            .or(() -> variable("OTEL_EXPORTER_OTLP_ENDPOINT"))
            .or(() -> traceEndpoint)
            .or(() -> shortEndpoint)
            .or(() -> metricEndpoint);
    Optional<String> shortProtocol = settings.read("otlp.protocol", Section::text);
    Optional<String> traceProtocol = settings.read("otel_traces_export.protocol", Section::text);
    settings.read("otel_metrics_export.protocol", Section::text);
    Optional<String> protocol =
        variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
            .or(() -> variable("OTEL_EXPORTER_OTLP_PROTOCOL"))
            .or(() -> traceProtocol)
            .or(() -> shortProtocol);
    Map<String, String> headers = new TreeMap<>();
    for (String key : settings.keys()) {
      if (key.startsWith(HEADERS)) {
        settings
            .read(key, Section::text)
            .ifPresent(value -> headers.put(key.substring(HEADERS.length()), value));
      }
    }
    variable("OTEL_EXPORTER_OTLP_HEADERS")
        .ifPresent(text -> headers.putAll(dev.troth.observe.discovery.ResourceText.parse(text)));
    boolean traces = !variable("OTEL_TRACES_EXPORTER").equals(Optional.of("none"));
    boolean metrics =
        (shortEndpoint.isPresent() || metricEndpoint.isPresent() || endpoint.isPresent())
            && !variable("OTEL_METRICS_EXPORTER").equals(Optional.of("none"));
    Optional<Otlp> otlp = endpoint.flatMap(text -> otlp(text, protocol, headers, traces, metrics));
    Optional<Integer> prometheus = settings.read("prometheus_export.port", Section::whole);
    boolean print = settings.read("trace_printer", Section::text).map(this::printer).orElse(false);
    boolean logs = settings.read("logs.enabled", Section::flag).orElse(false);
    if (logs && otlp.isEmpty()) {
      problems.add("logs.enabled is true, expected otlp.endpoint beside it: lines are sent there");
    }
    return new Exports(
        otlp,
        prometheus.isPresent() ? OptionalInt.of(prometheus.get()) : OptionalInt.empty(),
        print,
        oldNames(),
        logs);
  }

  /** The variable asks for {@code http} (the new names alone) or {@code http/dup} (both). */
  private boolean oldNames() {
    return variable("OTEL_SEMCONV_STABILITY_OPT_IN")
        .map(text -> List.of(text.split("\\s*,\\s*", -1)).contains("http/dup"))
        .orElse(false);
  }

  private Duration interval() {
    Optional<String> millis = variable("OTEL_METRIC_EXPORT_INTERVAL");
    try {
      Duration interval =
          millis
              .map(text -> Duration.ofMillis(Long.parseLong(text.strip())))
              .orElse(Otlp.METRIC_INTERVAL);
      if (interval.toMillis() >= SHORTEST_INTERVAL_MILLIS) {
        return interval;
      }
    } catch (NumberFormatException notANumber) {
      // as too short
    }
    problems.add(
        "OTEL_METRIC_EXPORT_INTERVAL is '%s', expected milliseconds from %d"
            .formatted(millis.orElse(""), SHORTEST_INTERVAL_MILLIS));
    return Otlp.METRIC_INTERVAL;
  }

  private boolean printer(String mode) {
    return switch (mode) {
      case "text" -> true;
      case "disabled" -> false;
      default -> {
        problems.add("trace_printer is '" + mode + "', expected text or disabled");
        yield false;
      }
    };
  }

  private Optional<Otlp> otlp(
      String endpoint,
      Optional<String> protocol,
      Map<String, String> headers,
      boolean traces,
      boolean metrics) {
    try {
      URI address = address(endpoint);
      Otlp.Protocol chosen = protocol.map(ExportReader::protocol).orElseGet(() -> byPort(address));
      return Optional.of(new Otlp(address, chosen, headers, traces, metrics, interval()));
    } catch (IllegalArgumentException wrong) {
      problems.add(String.valueOf(wrong.getMessage()));
      return Optional.empty();
    }
  }

  /** An endpoint may come without a scheme. */
  static URI address(String endpoint) {
    URI uri = URI.create(endpoint.contains("://") ? endpoint : "http://" + endpoint);
    String path = uri.getPath();
    return path != null && path.endsWith("/v1/traces")
        ? URI.create(endpoint.substring(0, endpoint.length() - "/v1/traces".length()))
        : uri;
  }

  private static Otlp.Protocol protocol(String name) {
    return switch (name) {
      case "grpc" -> Otlp.Protocol.GRPC;
      case "http/protobuf" -> Otlp.Protocol.HTTP_PROTOBUF;
      default ->
          throw new IllegalArgumentException(
              "OTLP protocol is '" + name + "', expected grpc or http/protobuf");
    };
  }

  /** The port's number ends as that of the protocol's own port. */
  static Otlp.Protocol byPort(URI address) {
    return address.getPort() % 10_000 == GRPC_PORT
        ? Otlp.Protocol.GRPC
        : Otlp.Protocol.HTTP_PROTOBUF;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
