package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.cli.Ran;
import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of collectors in whose place the platform stands. */
class CollectorFileTest {
  /** As guides print it: both protocols, and everything to Tempo. */
  private static final String PUBLISHED =
      """
      receivers:
        otlp:
          protocols:
            grpc:
            http:
      exporters:
        logging:
        otlp:
          endpoint: "tempo:4317"
          tls:
            insecure: true
      service:
        pipelines:
          traces:
            receivers: [otlp]
            exporters: [logging, otlp]
      """;

  @TempDir Path folder;

  private CollectorFile.Reading read(String text) throws IOException {
    return CollectorFile.read(Files.writeString(folder.resolve("otel.yaml"), text));
  }

  @Test
  void aPublishedFileSaysWhereThePlatformReceivesAndToWhomItPassesOn() throws IOException {
    CollectorFile.Reading reading = read(PUBLISHED);
    assertThat(reading.settings())
        .containsOnly(
            java.util.Map.entry("otlp.http", "127.0.0.1:4318"),
            java.util.Map.entry("otlp.grpc", "127.0.0.1:4317"),
            java.util.Map.entry("otlp.forward", "grpc://tempo:4317"));
    assertThat(reading.notes())
        .anySatisfy(note -> assertThat(note).contains("the exporter logging has no effect"))
        .anySatisfy(note -> assertThat(note).contains("every signal is received"));
  }

  @Test
  void whatIsNotUsedIsNotReceivedAndBothKindsOfExportersAreKept() throws IOException {
    CollectorFile.Reading reading =
        read(
            """
            receivers:
              otlp/in: {protocols: {http: {endpoint: "localhost:5318", max_request_body_size: 1}}}
              zipkin:
            processors: {batch: , memory_limiter: {check_interval: 1s}}
            exporters:
              otlphttp: {endpoint: "https://a.example/otlp", sending_queue: {enabled: true}}
              otlp/b: {endpoint: "http://b:4317"}
            extensions: {health_check: }
            service:
              extensions: [health_check]
              pipelines:
                traces: {receivers: [otlp/in], processors: [memory_limiter, batch], exporters: [otlphttp, otlp/b]}
            """);
    assertThat(reading.settings())
        .containsEntry("otlp.http", "127.0.0.1:5318")
        .containsEntry("otlp.grpc", "off")
        .containsEntry("otlp.forward", "https://a.example/otlp,grpc://b:4317");
    assertThat(reading.notes())
        .contains(
            "exporters.otlphttp.sending_queue has no effect",
            "receivers.otlp/in.protocols.http.max_request_body_size has no effect");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "receivers: [otlp] | receivers: [zipkin] | expected one of those under 'receivers'",
        "exporters: [logging, otlp] | processors: [tail_sampling] | unchanged",
        "exporters: [logging, otlp] | exporter: [otlp] | exporter is not known here",
        "logging, otlp | kafka | expected one of those under 'exporters'",
        "insecure: true | insecure: false | speaks gRPC without TLS alone",
        "traces: | profiles: | expected a pipeline of traces, metrics or logs",
        "http: | thrift: | is not known here, expected one of grpc, http",
        "endpoint: \"tempo:4317\" | headers: {a: b} | has no 'endpoint'",
        "receivers: [otlp] | receivers: [] | expected a pipeline with a receiver",
        "insecure: true | {insecure: true, ca_file: /ca.pem} | trusts whom Java trusts",
        "grpc: | grpc: {auth: {authenticator: a}} | from whom auth.mode lets in",
        "http: | http: {traces_url_path: /t} | at the usual paths",
        "pipelines: | pipes: | pipes is not known here"
      })
  void whatThePlatformWouldNotDoIsRefusedByName(String part, String instead, String why)
      throws IOException {
    assertThat(PUBLISHED).contains(part);
    assertThatThrownBy(() -> read(PUBLISHED.replace(part, instead)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("otel.yaml:")
        .hasMessageContaining(why);
  }

  @Test
  void eachExporterThatIsWrongIsNamed() {
    assertThatThrownBy(() ->
            read(
                """
                receivers: {otlp: {protocols: {http: }}}
                exporters:
                  otlp/a: {tls: {insecure: true}}
                  otlp/b: {endpoint: "b:4317"}
                  otlphttp/c: {endpoint: "http://c", traces_endpoint: "http://d"}
                  otlphttp/d: {endpoint: "http://d", auth: {authenticator: a}}
                service:
                  telemetry: {logs: {level: debug}}
                  pipelines: {traces: {receivers: [otlp], exporters: [otlp/a, otlp/b, otlphttp/c, otlphttp/d]}}
                """))
        .hasMessageContaining("otel.yaml:3:")
        .hasMessageContaining("otel.yaml:4:")
        .hasMessageContaining("otel.yaml:5:")
        .hasMessageContaining("otel.yaml:6:");
  }

  @Test
  void flagsComeBeforeTheFileAndNotesAreSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("otel.yaml"), PUBLISHED);
    Ran ran = Ran.troth("config", "print", "--collector", file, "--otlp-grpc", "127.0.0.1:5317");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .containsPattern("otlp.grpc +127.0.0.1:5317")
        .containsPattern("otlp.forward +grpc://tempo:4317");
    assertThat(ran.err()).contains("note: the exporter logging has no effect");
  }
}
