package dev.troth.observe.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

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

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");
  private static final Pattern VALUE = Pattern.compile("[ -~\\t]{0,16000}");

  /** How OTLP is carried. */
  public enum Protocol {
    HTTP_PROTOBUF,
    GRPC
  }

  public Otlp {
    headers = Map.copyOf(headers);
    headers.forEach(Otlp::check);
    String scheme = endpoint.getScheme();
    if (String.valueOf(endpoint.getRawAuthority()).contains("@")) {
      throw new IllegalArgumentException(
          "OTLP endpoint holds a user or a password, expected an address without them: what"
              + " authorizes goes into a header");
    }
    if (endpoint.getHost() == null
        || !("http".equals(scheme) || ("https".equals(scheme) && protocol != Protocol.GRPC))) {
      throw new IllegalArgumentException(
          "OTLP endpoint is '"
              + endpoint
              + "', expected http://HOST:PORT"
              + (protocol == Protocol.GRPC ? "" : " or https://HOST:PORT"));
    }
  }

  /** A line break would begin a header of its own; the value may be a secret. */
  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an OTLP header has a name of %d characters, expected letters, digits and hyphens"
              .formatted(name.length()));
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "OTLP header %s has a value of %d characters, expected at most 16000 of ASCII without line breaks"
              .formatted(name, value.length()));
    }
  }
}
