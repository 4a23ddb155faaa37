package dev.troth.observe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.json.Json;
import dev.troth.json.file.SourceFile;
import dev.troth.observe.discovery.Glob;
import dev.troth.observe.discovery.Placement;
import dev.troth.observe.discovery.Ports;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.route.Routes;
import java.math.BigDecimal;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
  private static ConfigReader.Reading read(Map<String, ?> data, Map<String, String> environment) {
    return read(data, environment, Set::of);
  }

  private static ConfigReader.Reading read(
      Map<String, ?> data, Map<String, String> environment, NetworkInterfaces interfaces) {
    return ConfigReader.read(new SourceFile("", json(data), Map.of()), environment, interfaces);
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
  void linesAreSentWhereThatIsAskedForAndAReceiverIsThere() {
    Map<String, ?> logs = Map.of("enabled", "true");
    assertThat(
            read(Map.of("logs", logs, "otlp", Map.of("endpoint", "localhost:4318")), Map.of())
                .config()
                .exports()
                .logs())
        .isTrue();
    assertThat(
            read(Map.of("otlp", Map.of("endpoint", "localhost:4318")), Map.of())
                .config()
                .exports()
                .logs())
        .isFalse();
    assertThatThrownBy(() -> read(Map.of("logs", logs), Map.of()))
        .hasMessageContaining(
            "logs.enabled is true, expected otlp.endpoint beside it: lines are sent there");
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
  void podsAreChosenByTheNamesThatTheirNodeTellsAndByNoOthers() {
    Map<String, Object> chosen =
        Map.of(
            "k8s_namespace", "shop",
            "k8s_pod_name", "orders-*",
            "k8s_container_name", "main",
            "containers_only", "true");
    assertThat(
            read(Map.of("discovery.instrument", List.of(chosen)), Map.of()).config().instrument())
        .extracting(Selector::placement)
        .containsExactly(
            new Placement(
                Optional.empty(),
                Optional.of(new Glob("shop")),
                Optional.of(new Glob("orders-*")),
                Optional.of(new Glob("main")),
                true));
    Map<String, Object> asked =
        Map.of(
            "k8s_deployment_name", "orders",
            "k8s_pod_labels", Map.of("app", "orders"),
            "containers_only", "yes");
    assertThatThrownBy(() ->
            read(
                Map.of("discovery.instrument", List.of(asked), "discovery.every_network", "yes"),
                Map.of()))
        .hasMessageContaining("k8s_deployment_name needs the API server of Kubernetes")
        .hasMessageContaining("k8s_pod_labels.app needs the API server of Kubernetes")
        .hasMessageContaining("containers_only is 'yes', expected true or false")
        .hasMessageContaining("discovery.every_network is 'yes', expected true or false");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 101})
  void aShareOfAProcessorThatIsNoneIsRefused(int percent) {
    assertThatThrownBy(() -> read(Map.of("limits", Map.of("max_cpu_percent", percent)), Map.of()))
        .hasMessageContaining("limits.max_cpu_percent is %d, expected 1 to 100".formatted(percent));
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
  void aFileOfAnotherAgentIsTakenWithNotes() {
    ConfigReader.Reading reading =
        read(
            Map.of(
                "discovery", Map.of("instrument", List.of(Map.of("open_port", 3_000))),
                "routes", Map.of("unmatched", "heuristic", "ignore_mode", "traces"),
                "otel_traces_export",
                    Map.of(
                        "endpoint",
                        "http://h:4318",
                        "sampler",
                        Map.of("name", "parentbased_traceidratio", "arg", "0.2")),
                "otel_metrics_export",
                    Map.of(
                        "endpoint",
                        "http://h:4318",
                        "features",
                        List.of("application", "application_process")),
                "ebpf", Map.of("wakeup_len", 100, "context_propagation", "headers"),
                "attributes",
                    Map.of(
                        "kubernetes", Map.of("enable", true),
                        "select", Map.of("x", Map.of("include", List.of("http.route")))),
                "filter",
                    Map.of("application", Map.of("url_path", Map.of("not_match", "/health*"))),
                "log_level", "info"),
            Map.of());
    assertThat(reading.config().instrument().getFirst().ports()).contains(Ports.parse("3000"));
    assertThat(reading.config().sampler().ratio()).isEqualTo(0.2);
    assertThat(reading.notes())
        .hasSize(6)
        .anyMatch(note -> note.startsWith("log_level is passed over"))
        .contains(
            "ebpf.context_propagation is passed over: propagate: true puts traceparent into"
                + " requests");
  }

  @Test
  void whatWouldChangeWhoIsWatchedIsNotPassedOver() {
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "discovery.instrument", List.of(Map.of("open_ports", "80", "languages", "go"))),
                Map.of()))
        .hasMessageContaining("languages is not known");
  }

  @Test
  void anInterfaceThatIsNotThereIsAnErrorAndBesideOthersAWarning() {
    NetworkInterfaces one = name -> name.equals("lo") ? Set.of("127.0.0.1") : Set.of();
    assertThatThrownBy(() -> read(Map.of("listen.interfaces", List.of("eth7")), Map.of(), one))
        .hasMessage("listen.interfaces is 'eth7', which is no interface of this machine");
    ConfigReader.Reading reading =
        read(Map.of("listen.interfaces", List.of("eth7", "lo")), Map.of(), one);
    assertThat(reading.notes()).anyMatch(note -> note.contains("'eth7', which is no interface"));
    assertThat(reading.config().filter().localAddresses()).containsExactly("127.0.0.1");
  }

  @Test
  void aNameIsOnlyForWhatWasChosen() {
    ConfigReader.Reading reading =
        read(Map.of("listen.interfaces", "lo", "service.name", "orders"), Map.of());
    assertThat(reading.config().instrument().getFirst().name()).isEmpty();
    assertThat(reading.notes()).anyMatch(note -> note.contains("'orders' and names nobody"));
  }

  @Test
  void theReceiverIsLeftAlone() {
    assertThatThrownBy(() ->
            read(Map.of("open_port", "14400", "otlp.endpoint", "http://127.0.0.1:14400"), Map.of()))
        .hasMessageContaining("port 14400 is where spans are sent");
    ObserveConfig broad =
        read(Map.of("open_port", "1-65535", "otlp.endpoint", "http://127.0.0.1:14400"), Map.of())
            .config();
    assertThat(broad.exclude())
        .extracting(Selector::ports)
        .contains(Optional.of(Ports.parse("14400")));
    ObserveConfig elsewhere =
        read(Map.of("open_port", "1-65535", "otlp.endpoint", "http://192.0.2.1:4318"), Map.of())
            .config();
    assertThat(elsewhere.exclude()).isEmpty();
  }

  @Test
  void aWrongPortIsOneMistake() {
    assertThatThrownBy(() ->
            read(Map.of("discovery.instrument", List.of(Map.of("open_ports", "99999"))), Map.of()))
        .isInstanceOfSatisfying(
            ConfigException.class, wrong -> assertThat(wrong.problems()).hasSize(1))
        .hasMessageContaining("port is 99999, expected 1 to 65535");
  }

  @Test
  void headersAndEndpointsThatNobodyMaySendAreRefusedWithoutBeingShown() {
    Map<String, String> file = Map.of("otlp.endpoint", "http://h:4318", "open_port", "1");
    for (String no :
        List.of("Bearer%20SECRET%0d%0aEvil:1", "SECRET%0aX", "SECRET%00", "S\u00c9CRET")) {
      assertThat(problem(file, Map.of("OTEL_EXPORTER_OTLP_HEADERS", "authorization=" + no)))
          .contains("OTLP header authorization has a value of ", "expected at most 16000 of ASCII")
          .doesNotContain("CRET");
    }
    assertThat(problem(file, Map.of("OTEL_EXPORTER_OTLP_HEADERS", "a b=SECRET")))
        .contains("an OTLP header has a name of 3 characters")
        .doesNotContain("SECRET");
    assertThat(
            problem(Map.of("otlp.endpoint", "http://u:pSECRET@h:4318", "open_port", "1"), Map.of()))
        .contains("OTLP endpoint holds a user or a password")
        .doesNotContain("SECRET");
  }

  private static String problem(Map<String, String> settings, Map<String, String> environment) {
    ConfigException wrong =
        catchThrowableOfType(ConfigException.class, () -> read(settings, environment));
    assertThat(wrong.problems()).hasSize(1);
    return wrong.problems().getFirst();
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
