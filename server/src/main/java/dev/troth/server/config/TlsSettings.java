package dev.troth.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which listeners speak TLS, with which certificate.
 *
 * @param certificate a PEM file: the certificate of the listeners, then those that vouch for it
 * @param key a PEM file: the certificate's private key
 * @param listeners by name; empty for all that other machines reach
 */
public record TlsSettings(Path certificate, Path key, Set<String> listeners) {
  private static final Set<String> LISTENERS =
      Set.of("http", "operations", "registry", "otlp-http", "otlp-grpc");

  static final Key<Optional<String>> CERTIFICATE =
      Key.of(
          "tls.certificate-file",
          ValueType.OPTIONAL,
          "",
          "A PEM file with the certificate of the listeners and those that vouch for it; read anew"
              + " when it changes. Empty: all listeners speak plain HTTP.");
  static final Key<Optional<String>> KEY =
      Key.of(
          "tls.key-file",
          ValueType.OPTIONAL,
          "",
          "A PEM file with the certificate's private key, without a password.");
  static final Key<List<String>> ONLY =
      Key.of(
          "tls.listeners",
          ValueType.LIST,
          "",
          "Which listeners speak TLS: http, operations, registry, otlp-http, otlp-grpc. Empty: all"
              + " that other machines reach.");
  static final List<Key<?>> ALL = List.of(CERTIFICATE, KEY, ONLY);

  public TlsSettings {
    listeners = Set.copyOf(listeners);
  }

  /** Whether a listener speaks TLS. */
  public boolean covers(String listener, ListenAddress address) {
    return listeners.isEmpty() ? !address.isLoopback() : listeners.contains(listener);
  }

  /** The settings of TLS, if there is a certificate; what does not fit is added to the errors. */
  static Optional<TlsSettings> of(Settings settings, List<String> errors) {
    Optional<String> certificate = settings.get(CERTIFICATE);
    Optional<String> key = settings.get(KEY);
    List<String> only = settings.get(ONLY);
    for (String listener : only) {
      if (!LISTENERS.contains(listener)) {
        errors.add(
            "%s: has '%s' (%s), expected some of http, operations, registry, otlp-http, otlp-grpc"
                .formatted(ONLY.name(), listener, settings.source(ONLY)));
      }
    }
    if (certificate.isPresent() && key.isPresent()) {
      return Optional.of(
          new TlsSettings(Path.of(certificate.get()), Path.of(key.get()), Set.copyOf(only)));
    }
    if (certificate.isPresent() || key.isPresent() || !only.isEmpty()) {
      Key<?> given = certificate.isPresent() ? CERTIFICATE : key.isPresent() ? KEY : ONLY;
      errors.add(
          "%s: is given (%s), expected together with %s"
              .formatted(
                  given.name(),
                  settings.source(given),
                  given == ONLY
                      ? CERTIFICATE.name() + " and " + KEY.name()
                      : (given == KEY ? CERTIFICATE : KEY).name()));
    }
    return Optional.empty();
  }
}
