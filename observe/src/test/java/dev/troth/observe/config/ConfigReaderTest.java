package dev.troth.observe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.json.Json;
import dev.troth.json.file.SourceFile;
import dev.troth.observe.discovery.Glob;
import dev.troth.observe.discovery.Ports;
import dev.troth.observe.span.Routes;
import java.math.BigDecimal;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ConfigReaderTest {
  private static ConfigReader.Reading read(Map<String, ?> data, Map<String, String> environment) {
    return ConfigReader.read(new SourceFile("", json(data), Map.of()), environment, Set::of);
  }

  private static Json json(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Json> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put(key.toString(), json(member)));
        yield new Json.Obj(members);
      }
      case List<?> list -> new Json.Arr(list.stream().map(ConfigReaderTest::json).toList());
      case Number number -> new Json.Num(new BigDecimal(number.toString()));
      default -> new Json.Str(value.toString());
    };
  }

  @Test
  void understandsAFileOfShortKeys() {
    ConfigReader.Reading reading =
        read(
            Map.of(
                "listen", Map.of("interfaces", List.of("0.0.0.0")),
                "otlp", Map.of("endpoint", "localhost:4317"),
                "service", Map.of("name", "orders-api"),
                "sampling", Map.of("probability", 0.1),
                "filters", Map.of("include_paths", List.of("/orders", "/orders/")),
                "instrumentation", Map.of("language", "java")),
            Map.of());
    ObserveConfig config = reading.config();
    assertThat(config.instrument()).hasSize(1);
    assertThat(config.instrument().getFirst().name()).contains("orders-api");
    assertThat(config.instrument().getFirst().ports()).contains(Ports.parse("1-65535"));
    assertThat(config.exports().otlp().orElseThrow().endpoint())
        .isEqualTo(URI.create("http://localhost:4317"));
    assertThat(config.exports().otlp().orElseThrow().protocol()).isEqualTo(Otlp.Protocol.GRPC);
    assertThat(config.sampler().ratio()).isEqualTo(0.1);
    assertThat(config.filter().included())
        .containsExactly(new Glob("/orders"), new Glob("/orders/*"));
    assertThat(reading.notes()).hasSize(2).anyMatch(note -> note.contains("language is 'java'"));
  }

  @Test
  void understandsTheConventionalKeys() {
    ObserveConfig config =
        read(
                Map.of(
                    "discovery.instrument",
                    List.of(
                        Map.of("open_ports", "80,8000-8999", "name", "a", "namespace", "n"),
                        Map.of("exe_path", "*/node")),
                    "discovery.exclude_instrument",
                    List.of(Map.of("exe_path", "*collector*")),
                    "routes",
                    Map.of("patterns", List.of("/user/{id}"), "unmatched", "low-cardinality"),
                    "otel_traces_export",
                    Map.of(
                        "endpoint",
                        "http://h:4318/v1/traces",
                        "sampler",
                        Map.of("name", "traceidratio", "arg", "0.5")),
                    "prometheus_export.port",
                    9_400),
                Map.of("OTEL_SERVICE_NAME", "fallback"))
            .config();
    assertThat(config.instrument().get(0).name()).contains("a");
    assertThat(config.instrument().get(0).namespace()).contains("n");
    assertThat(config.instrument().get(1).name()).contains("fallback");
    assertThat(config.exclude()).hasSize(1);
    assertThat(config.routing().unmatched()).isEqualTo(Routes.Unmatched.LOW_CARDINALITY);
    assertThat(config.exports().otlp().map(Otlp::endpoint)).contains(URI.create("http://h:4318"));
    assertThat(config.exports().prometheusPort()).hasValue(9_400);
    assertThat(config.sampler().ratio()).isEqualTo(0.5);
  }

  @Test
  void variablesOverrideTheFile() {
    ObserveConfig config =
        read(
                Map.of("otlp.endpoint", "http://file:4318", "open_port", "1"),
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://variable:9000",
                    "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                    "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x",
                    "OTEL_TRACES_SAMPLER", "always_off"))
            .config();
    Otlp otlp = config.exports().otlp().orElseThrow();
    assertThat(otlp.endpoint()).isEqualTo(URI.create("http://variable:9000"));
    assertThat(otlp.protocol()).isEqualTo(Otlp.Protocol.GRPC);
    assertThat(otlp.headers()).containsEntry("authorization", "Bearer x");
    assertThat(config.sampler().ratio()).isZero();
  }

  @Test
  void tellsEverythingThatIsWrong() {
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "otlp.endpont",
                    "x",
                    "sampling.probability",
                    3,
                    "routes.unmatched",
                    "guess",
                    "discovery.instrument",
                    List.of(Map.of("name", "x"))),
                Map.of()))
        .isInstanceOfSatisfying(
            ConfigException.class,
            wrong ->
                assertThat(wrong.problems())
                    .anyMatch(text -> text.contains("did you mean 'otlp.endpoint'?"))
                    .anyMatch(text -> text.contains("sampling probability is 3.0"))
                    .anyMatch(text -> text.contains("'guess', expected heuristic"))
                    .anyMatch(text -> text.contains("discovery.instrument[0]")));
  }

  @Test
  void anAddressIsAFilterAndAPortASelector() {
    ObserveConfig config =
        read(Map.of("listen.interfaces", List.of("127.0.0.1:3000", "eth0")), Map.of()).config();
    assertThat(config.instrument()).hasSize(1);
    assertThat(config.instrument().getFirst().ports()).isEqualTo(Optional.of(Ports.parse("3000")));
    assertThat(config.filter().localAddresses()).containsExactlyInAnyOrder("127.0.0.1", "eth0");
  }
}
