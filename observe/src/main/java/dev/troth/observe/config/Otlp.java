package dev.troth.observe.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * An OTLP receiver.
 *
 * @param endpoint its base address; paths are added for HTTP
 * @param headers sent with every request
 * @param metricInterval how often metrics are sent
 */
public record Otlp(
    URI endpoint,
    Protocol protocol,
    Map<String, String> headers,
    boolean traces,
    boolean metrics,
    Duration metricInterval) {
  /** How often metrics are sent, unless it is said otherwise. */
  static final Duration METRIC_INTERVAL = Duration.ofSeconds(60);

  /** How OTLP is carried. */
  public enum Protocol {
    HTTP_PROTOBUF,
    GRPC
  }

  public Otlp {
    headers = Map.copyOf(headers);
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null
        || !("http".equals(scheme) || ("https".equals(scheme) && protocol != Protocol.GRPC))) {
      throw new IllegalArgumentException(
          "OTLP endpoint is '"
              + endpoint
              + "', expected http://HOST:PORT"
              + (protocol == Protocol.GRPC ? "" : " or https://HOST:PORT"));
    }
  }
}
