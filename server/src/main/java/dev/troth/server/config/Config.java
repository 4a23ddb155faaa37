package dev.troth.server.config;

import dev.troth.server.ops.LogLevel;
import dev.troth.watch.webhook.AddressBlock;
import dev.troth.watch.webhook.AddressRule;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The platform's settings, typed and known to fit together.
 *
 * @param data the folder that holds keys, and all state unless a database server does
 * @param store the JDBC URL of a PostgreSQL database; empty for SQLite in the data folder
 */
public record Config(
    Path data,
    Optional<String> store,
    Http http,
    Auth auth,
    Limits limits,
    Shared shared,
    Watch watch,
    Telemetry telemetry,
    LogLevel logLevel) {

  /**
   * How the platform is reached.
   *
   * @param listen where the API and the console listen; empty if they do not
   * @param hosts host names accepted besides loopback's
   * @param front where users reach it
   * @param corsOrigins origins whose pages may call the API
   * @param proxies peers that may say for whom they ask
   * @param operations where health and metrics listen besides; empty if they do not
   * @param registry where the schema registry listens besides; empty if it does not
   * @param tls which listeners speak TLS; empty if none does
   */
  public record Http(
      Optional<ListenAddress> listen,
      List<String> hosts,
      Front front,
      List<String> corsOrigins,
      List<AddressBlock> proxies,
      Optional<ListenAddress> operations,
      Optional<ListenAddress> registry,
      Optional<TlsSettings> tls) {
    /** Where users reach the console; empty for the address of {@code listen}. */
    public Optional<URI> publicUrl() {
      return front.publicUrl();
    }
  }

  /**
   * Where users reach the platform, maybe at a proxy, and where its demo has a mailbox.
   *
   * @param publicUrl its scheme, host and port
   * @param basePath the path below which all of it is, such as {@code /troth}; empty for none
   */
  public record Front(Optional<URI> publicUrl, String basePath, Optional<URI> demo) {}

  /**
   * What clients share, over all listeners.
   *
   * @param bodies bytes of bodies at a time; one client has at most three quarters of them
   * @param rate requests of one client a second
   */
  public record Shared(long bodies, int rate) {}

  /**
   * What is received and promised.
   *
   * @param files objective files and folders of them
   * @param watermark from a request's first span to its verdict
   * @param http where OTLP over HTTP is received; empty if it is not
   * @param grpc where OTLP over gRPC is received; empty if it is not
   * @param forward receivers to which everything is passed on
   * @param bodyBytes the longest message, after unpacking
   * @param openBytes how much memory open requests may take
   * @param traces how much is kept for the trace view
   * @param kafka by which topic spans go to who judges them; empty if one platform judges all
   */
  public record Telemetry(
      List<Path> files,
      Duration watermark,
      Optional<ListenAddress> http,
      Optional<ListenAddress> grpc,
      List<URI> forward,
      int bodyBytes,
      long openBytes,
      KeptTraces traces,
      Optional<KafkaSettings> kafka) {
    /** Less than this would not hold what one message brings. */
    static final long LEAST_OPEN_BYTES = 1 << 20;

    /** Counts can be corrected for an hour; what waits longer could not be counted at all. */
    static final Duration LONGEST_WATERMARK = Duration.ofMinutes(4);
  }

  /**
   * What is kept for the trace view.
   *
   * @param spans the newest
   * @param badBytes of spans of bad requests that are not among them
   * @param badAge how long those are kept
   */
  public record KeptTraces(int spans, long badBytes, Duration badAge) {}

  /**
   * How callers are known.
   *
   * @param openId where people sign in; empty if they show tokens alone
   * @param visibility who may read of the subjects of a type, where it is not the usual
   */
  public record Auth(
      AuthMode mode,
      String issuer,
      Duration tokenLongest,
      Duration sessionLongest,
      Optional<OpenIdSettings> openId,
      Map<String, Audience> visibility) {}

  /**
   * What watch may do.
   *
   * @param reachable where webhooks may go
   * @param mail how e-mail is sent; empty if it is not
   * @param kafka which topics changes come from and go to; empty if none
   * @param folders what sources may read of this machine
   * @param events what becomes of events whose data does not keep the schema that they name
   * @param keep how long changes and deliveries are kept
   */
  public record Watch(
      AddressRule reachable,
      Optional<MailSettings> mail,
      Optional<KafkaSettings> kafka,
      List<Path> folders,
      Strictness events,
      Duration keep) {}

  /** What becomes of an event whose data does not keep the schema that it names. */
  public enum Strictness {
    OFF,
    REPORT,
    REFUSE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether callers have to say who they are. */
  public enum AuthMode {
    DEVELOPMENT,
    TOKEN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The settings as a record.
   *
   * @throws ConfigErrors when values do not fit together
   */
  public static Config of(Settings settings) {
    List<String> errors = new ArrayList<>();
    Config config =
        new Config(
            settings.get(Keys.DATA),
            settings.get(Keys.STORE_URL),
            new Http(
                settings.get(Keys.HTTP_LISTEN),
                settings.get(Keys.HTTP_HOSTS),
                new Front(
                    settings.get(Keys.PUBLIC_URL),
                    settings.get(Keys.BASE_PATH),
                    settings.get(Keys.DEMO_ADDRESS)),
                settings.get(Keys.CORS_ORIGINS),
                blocks(settings, Keys.PROXIES, errors),
                settings.get(Keys.OPERATIONS),
                settings.get(Keys.REGISTRY_LISTEN),
                TlsSettings.of(settings, errors)),
            new Auth(
                settings.get(Keys.AUTH_MODE),
                settings.get(Keys.AUTH_ISSUER),
                settings.get(Keys.TOKEN_LONGEST),
                settings.get(Keys.SESSION_LONGEST),
                OpenIdSettings.of(settings, settings.get(Keys.AUTH_MODE), errors),
                Audience.byType(settings, errors)),
            new Limits(
                settings.get(Keys.BODY),
                settings.get(Keys.CONNECTIONS),
                settings.get(Keys.REQUESTS),
                settings.get(Keys.IDLE),
                settings.get(Keys.DRAIN)),
            new Shared(settings.get(Keys.BODIES), settings.get(Keys.RATE)),
            new Watch(
                new AddressRule(blocks(settings, Keys.WEBHOOKS_ALLOW, errors)),
                MailSettings.of(settings, errors),
                KafkaSettings.of(settings, errors),
                settings.get(Keys.WATCH_FOLDERS).stream().map(Path::of).toList(),
                settings.get(Keys.EVENTS_VALIDATE),
                settings.get(Keys.WATCH_KEEP)),
            telemetry(settings, errors),
            settings.get(Keys.LOG_LEVEL));
    for (Key<Optional<ListenAddress>> listener : LISTENERS) {
      requireLoopbackIfOpen(config.auth(), settings, listener, errors);
    }
    if (config.watch().mail().isPresent()) {
      requireAnAddressForLinks(config.http(), settings, errors);
    }
    if (config.shared().bodies() < 4 * config.limits().bodyBytes()) {
      errors.add(
          "%s: is %d bytes (%s), expected at least four times limits.body, which is %d bytes"
              .formatted(
                  Keys.BODIES.name(),
                  config.shared().bodies(),
                  settings.source(Keys.BODIES),
                  config.limits().bodyBytes()));
    }
    Path data = config.data().toAbsolutePath().normalize();
    for (Path folder : config.watch().folders()) {
      Path watched = folder.toAbsolutePath().normalize();
      if (data.startsWith(watched) || watched.startsWith(data)) {
        errors.add(
            "%s: has %s (%s), expected a folder apart from data, which is %s and holds the signing key"
                .formatted(
                    Keys.WATCH_FOLDERS.name(),
                    folder,
                    settings.source(Keys.WATCH_FOLDERS),
                    config.data()));
      }
    }
    for (String origin : config.http().corsOrigins()) {
      if (!isOrigin(origin)) {
        errors.add(
            "%s: has '%s' (%s), expected an origin such as https://shop.example"
                .formatted(
                    Keys.CORS_ORIGINS.name(),
                    Settings.withoutPassword(origin),
                    settings.source(Keys.CORS_ORIGINS)));
      }
    }
    if (!errors.isEmpty()) {
      throw new ConfigErrors(errors);
    }
    return config;
  }

  private static final List<Key<Optional<ListenAddress>>> LISTENERS =
      List.of(
          Keys.HTTP_LISTEN, Keys.REGISTRY_LISTEN, Keys.OTLP_HTTP, Keys.OTLP_GRPC, Keys.OPERATIONS);

  private static Telemetry telemetry(Settings settings, List<String> errors) {
    Duration watermark = settings.get(Keys.SLO_WATERMARK);
    if (watermark.compareTo(Telemetry.LONGEST_WATERMARK) > 0) {
      errors.add(
          "%s: is %s (%s), expected at most 4m"
              .formatted(
                  Keys.SLO_WATERMARK.name(), watermark, settings.source(Keys.SLO_WATERMARK)));
    }
    long openBytes = settings.get(Keys.SLO_MEMORY);
    if (openBytes < Telemetry.LEAST_OPEN_BYTES) {
      errors.add(
          "%s: is %d bytes (%s), expected at least 1MiB"
              .formatted(Keys.SLO_MEMORY.name(), openBytes, settings.source(Keys.SLO_MEMORY)));
    }
    List<URI> forward = new ArrayList<>();
    for (String receiver : settings.get(Keys.OTLP_FORWARD)) {
      if (isOrigin(receiver) && isReceiver(URI.create(receiver))) {
        forward.add(URI.create(receiver));
        requireAnother(URI.create(receiver), settings, Keys.OTLP_HTTP, errors);
        requireAnother(URI.create(receiver), settings, Keys.OTLP_GRPC, errors);
      } else {
        errors.add(
            "%s: has '%s' (%s), expected an address such as http://collector:4318 or grpc://collector:4317"
                .formatted(
                    Keys.OTLP_FORWARD.name(),
                    Settings.withoutPassword(receiver),
                    settings.source(Keys.OTLP_FORWARD)));
      }
    }
    return new Telemetry(
        settings.get(Keys.SLO_FILES).stream().map(Path::of).toList(),
        watermark,
        settings.get(Keys.OTLP_HTTP),
        settings.get(Keys.OTLP_GRPC),
        forward,
        Math.toIntExact(Math.min(settings.get(Keys.OTLP_BODY), 1L << 30)),
        openBytes,
        new KeptTraces(
            settings.get(Keys.OTLP_SPANS),
            settings.get(Keys.BAD_BYTES),
            settings.get(Keys.BAD_KEEP)),
        TelemetryKafka.of(settings, errors));
  }

  /** What a platform passes on to itself goes round for ever. */
  private static void requireAnother(
      URI receiver, Settings settings, Key<Optional<ListenAddress>> own, List<String> errors) {
    Optional<ListenAddress> listen = settings.get(own);
    if (listen.isEmpty() || listen.get().port() != receiver.getPort() || receiver.getPort() == 0) {
      return;
    }
    String host = receiver.getHost().replaceAll("[\\[\\]]", "");
    if (host.equals(listen.get().host()) || new ListenAddress(host, 1).isLoopback()) {
      errors.add(
          "%s: has '%s' (%s), which is %s of this very platform, expected another receiver"
              .formatted(
                  Keys.OTLP_FORWARD.name(),
                  receiver,
                  settings.source(Keys.OTLP_FORWARD),
                  own.name()));
    }
  }

  /** Loads and reads the settings of this program's keys. */
  public static Config load(Inputs inputs) {
    return of(Settings.load(Keys.all(), inputs));
  }

  /**
   * Whoever reaches a listener without authentication may do anything; so only this machine may.
   */
  private static void requireLoopbackIfOpen(
      Auth auth, Settings settings, Key<Optional<ListenAddress>> key, List<String> errors) {
    Optional<ListenAddress> address = settings.get(key);
    if (auth.mode() == AuthMode.DEVELOPMENT && address.isPresent() && !address.get().isLoopback()) {
      errors.add(
          "%s: is %s (%s), expected a loopback address unless auth.mode is token"
              .formatted(key.name(), address.get(), settings.source(key)));
    }
  }

  /** An address of this machine alone would lead who reads the message elsewhere astray. */
  private static void requireAnAddressForLinks(Http http, Settings settings, List<String> errors) {
    boolean here = http.listen().isPresent() && http.listen().get().isLoopback();
    if (http.publicUrl().isEmpty() && !here) {
      errors.add(
          "%s: is missing, expected an address such as https://troth.example, because e-mail is"
                  .formatted(Keys.PUBLIC_URL.name())
              + " sent (%s) and http.listen is not a loopback address"
                  .formatted(settings.source(Keys.MAIL_HOST)));
    }
  }

  private static List<AddressBlock> blocks(
      Settings settings, Key<List<String>> key, List<String> errors) {
    List<AddressBlock> blocks = new ArrayList<>();
    for (String text : settings.get(key)) {
      try {
        blocks.add(AddressBlock.parse(text));
      } catch (IllegalArgumentException e) {
        errors.add("%s: %s (%s)".formatted(key.name(), e.getMessage(), settings.source(key)));
      }
    }
    return blocks;
  }

  private static boolean isReceiver(URI uri) {
    return switch (uri.getScheme()) {
      case "http", "https" -> true;
      case "grpc" -> uri.getPort() > 0;
      default -> false;
    };
  }

  private static boolean isOrigin(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getScheme() != null
          && uri.getHost() != null
          && uri.getPort() <= 65_535
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && text.equals(text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
