package dev.troth.server.config;

import dev.troth.server.ops.LogLevel;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that can be configured. */
public final class Keys {
  public static final Key<Path> DATA =
      Key.of("data", ValueType.PATH, "./troth-data", "The folder that holds all state.");

  static final Key<Optional<String>> STORE_URL =
      new Key<>(
          "store.url",
          ValueType.STORE,
          "off",
          "A PostgreSQL database instead of SQLite in the data folder, such as"
              + " jdbc:postgresql://host/troth?user=troth.",
          true);

  static final Key<Optional<ListenAddress>> HTTP_LISTEN =
      Key.of(
          "http.listen",
          ValueType.LISTEN,
          "127.0.0.1:4000",
          "Where the API and the console listen.");
  static final Key<List<String>> HTTP_HOSTS =
      Key.of(
          "http.hosts",
          ValueType.LIST,
          "",
          "Host names by which clients may call any listener, besides loopback's.");
  static final Key<Optional<URI>> PUBLIC_URL =
      Key.of(
          "http.public-url",
          ValueType.ORIGIN,
          "",
          "Where users reach the console, such as https://troth.example: links in messages begin"
              + " with it. Empty: the address of http.listen, on this machine.");
  static final Key<String> BASE_PATH =
      Key.of(
          "http.base-path",
          ValueType.BASE_PATH,
          "",
          "The path below which a proxy serves the platform, such as /troth. Empty: the whole host.");
  static final Key<Optional<URI>> DEMO_ADDRESS =
      Key.of(
          "demo.address",
          ValueType.ORIGIN,
          "",
          "Where the mailbox of a demo answers: the console then has a guided tour of it at /tour."
              + " Empty: there is no demo.");
  static final Key<List<String>> PROXIES =
      Key.of(
          "http.proxies",
          ValueType.LIST,
          "",
          "Addresses or blocks of proxies, whose X-Forwarded-For and X-Forwarded-Host count.");
  static final Key<Optional<ListenAddress>> OPERATIONS =
      Key.of(
          "http.operations",
          ValueType.LISTEN,
          "off",
          "Where health and metrics listen besides, apart from all other clients.");
  static final Key<Optional<ListenAddress>> REGISTRY_LISTEN =
      Key.of(
          "registry.listen",
          ValueType.LISTEN,
          "127.0.0.1:8081",
          "Where the schema registry listens for Confluent's clients.");
  static final Key<List<String>> CORS_ORIGINS =
      Key.of(
          "api.cors.origins",
          ValueType.LIST,
          "",
          "Origins, such as https://shop.example, whose pages may call the API.");

  static final Key<Config.AuthMode> AUTH_MODE =
      Key.of(
          "auth.mode",
          ValueType.oneOf(List.of(Config.AuthMode.values())),
          "development",
          "development: every caller is the developer, on loopback only; token: callers log in.");
  static final Key<String> AUTH_ISSUER =
      Key.of("auth.issuer", ValueType.TEXT, "troth", "The issuer that tokens name.");
  static final Key<Duration> TOKEN_LONGEST =
      Key.of(
          "auth.token.longest",
          ValueType.DURATION_ABOVE_ZERO,
          "365d",
          "The longest life of a token.");
  static final Key<Duration> SESSION_LONGEST =
      Key.of(
          "auth.session.longest",
          ValueType.DURATION_ABOVE_ZERO,
          "12h",
          "How long a login to the console lasts.");

  static final Key<List<String>> VISIBILITY =
      Key.of(
          "visibility",
          ValueType.LIST,
          "",
          "Who may read subjects of a type, such as source=everybody or order=admins: everybody,"
              + " owner or admins. Every reader may read record, slo, contract, incident, agent and"
              + " registry.");

  static final Key<Long> BODY =
      Key.of("limits.body", ValueType.SIZE, "1MiB", "The longest body of a request.");
  static final Key<Integer> CONNECTIONS =
      Key.of(
          "limits.connections",
          ValueType.count(1, 100_000),
          "2048",
          "Open connections of one listener.");
  static final Key<Integer> REQUESTS =
      Key.of(
          "limits.requests",
          ValueType.count(1, 100_000),
          "1024",
          "Requests of one listener at a time, open event streams among them.");
  static final Key<Long> BODIES =
      Key.of(
          "limits.bodies",
          ValueType.SIZE,
          "96MiB",
          "Bytes of request bodies and of long answers at a time, over all listeners and clients.");
  static final Key<Integer> RATE =
      Key.of(
          "limits.rate",
          ValueType.count(1, 1_000_000),
          "2000",
          "Requests of one client a second, on all listeners together.");
  static final Key<Duration> IDLE =
      Key.of(
          "limits.idle",
          ValueType.DURATION_ABOVE_ZERO,
          "2m",
          "How long a connection may be silent.");
  static final Key<Duration> DRAIN =
      Key.of(
          "limits.drain",
          ValueType.DURATION_ABOVE_ZERO,
          "10s",
          "How long running requests may go on after the stop.");

  static final Key<List<String>> WEBHOOKS_ALLOW =
      Key.of(
          "watch.webhooks.allow",
          ValueType.LIST,
          "",
          "Address blocks, such as 10.1.0.0/16, that webhooks may reach besides public ones.");
  static final Key<List<String>> WATCH_FOLDERS =
      Key.of(
          "watch.folders",
          ValueType.LIST,
          "",
          "Folders of this machine whose files, and SQLite databases, sources may watch. Empty: none.");
  static final Key<Optional<String>> MAIL_HOST =
      Key.of(
          "watch.mail.host",
          ValueType.OPTIONAL,
          "",
          "The mail server that takes e-mail for users. Empty: there is no channel email.");
  static final Key<Integer> MAIL_PORT =
      Key.of("watch.mail.port", ValueType.count(1, 65_535), "587", "The port of the mail server.");
  static final Key<MailSettings.Tls> MAIL_TLS =
      Key.of(
          "watch.mail.tls",
          ValueType.oneOf(List.of(MailSettings.Tls.values())),
          "starttls",
          "starttls: required after the greeting; implicit: from the first byte; none: a mail"
              + " server on this machine.");
  static final Key<Optional<String>> MAIL_USER =
      Key.of(
          "watch.mail.user",
          ValueType.OPTIONAL,
          "",
          "Who signs in to the mail server. Empty: nobody does.");
  static final Key<Optional<String>> MAIL_PASSWORD =
      Key.secret("watch.mail.password", ValueType.OPTIONAL, "", "The password of watch.mail.user.");
  static final Key<Optional<String>> MAIL_PASSWORD_FILE =
      Key.of(
          "watch.mail.password-file",
          ValueType.OPTIONAL,
          "",
          "The file whose first line is the password of watch.mail.user.");
  static final Key<Optional<String>> MAIL_FROM =
      Key.of(
          "watch.mail.from",
          ValueType.OPTIONAL,
          "",
          "The sender's address, such as troth@example.org.");
  static final Key<Duration> MAIL_TIMEOUT =
      Key.of(
          "watch.mail.timeout",
          ValueType.DURATION_ABOVE_ZERO,
          "20s",
          "How long the mail server may take for one message, at most 60s.");
  static final Key<Optional<String>> KAFKA_BOOTSTRAP =
      Key.of(
          "events.kafka.bootstrap",
          ValueType.OPTIONAL,
          "",
          "Kafka's brokers, such as kafka-1:9092,kafka-2:9092. Empty: there is no Kafka.");
  static final Key<List<String>> KAFKA_IN =
      Key.of(
          "events.kafka.in",
          ValueType.LIST,
          "",
          "Topics of CloudEvents, each of which becomes a change.");
  static final Key<Optional<String>> KAFKA_OUT =
      Key.of(
          "events.kafka.out",
          ValueType.OPTIONAL,
          "",
          "The topic that gets every change as a CloudEvent, keyed by its subject.");
  static final Key<String> KAFKA_GROUP =
      Key.of("events.kafka.group", ValueType.TEXT, "troth", "The consumer group of the platform.");
  static final Key<Optional<String>> KAFKA_PROPERTIES =
      Key.of(
          "events.kafka.properties",
          ValueType.OPTIONAL,
          "",
          "A file of Kafka's client properties, for TLS and logins.");
  static final Key<Optional<String>> SPANS_BOOTSTRAP =
      Key.of(
          "telemetry.kafka.bootstrap",
          ValueType.OPTIONAL,
          "",
          "Kafka's brokers, by which spans go to who judges their requests. Empty: one platform judges all.");
  static final Key<String> SPANS_TOPIC =
      Key.of(
          "telemetry.kafka.topic",
          ValueType.TEXT,
          "troth-spans",
          "The topic of spans, keyed by trace id; its partitions share the work.");
  static final Key<String> SPANS_GROUP =
      Key.of(
          "telemetry.kafka.group",
          ValueType.TEXT,
          "troth-spans",
          "The consumer group of the platforms that judge requests.");
  static final Key<Optional<String>> SPANS_PROPERTIES =
      Key.of(
          "telemetry.kafka.properties",
          ValueType.OPTIONAL,
          "",
          "A file of Kafka's client properties, for TLS and logins.");
  static final Key<Config.Strictness> EVENTS_VALIDATE =
      Key.of(
          "events.validate",
          ValueType.oneOf(List.of(Config.Strictness.values())),
          "off",
          "Whether the data of events at /api/events is compared with the schema of the registry that"
              + " dataschema names: off; report: the answer says what is wrong; refuse.");
  static final Key<Duration> WATCH_KEEP =
      Key.of(
          "watch.keep",
          ValueType.DURATION_ABOVE_ZERO,
          "90d",
          "How long changes and deliveries are kept, tokens that expired and incidents that ended.");
  static final Key<List<String>> SLO_FILES =
      Key.of("slo.files", ValueType.LIST, "", "Objective files, and folders of them.");
  static final Key<Duration> SLO_WATERMARK =
      Key.of(
          "slo.watermark",
          ValueType.DURATION_ABOVE_ZERO,
          "2m",
          "How long a request's spans may take to arrive before it is judged, at most 4m.");
  static final Key<Long> SLO_MEMORY =
      Key.of(
          "slo.memory",
          ValueType.SIZE,
          "64MiB",
          "How much memory open requests may take before senders have to wait, at least 1MiB.");
  static final Key<Optional<ListenAddress>> OTLP_HTTP =
      Key.of("otlp.http", ValueType.LISTEN, "127.0.0.1:4318", "Where OTLP over HTTP is received.");
  static final Key<Optional<ListenAddress>> OTLP_GRPC =
      Key.of("otlp.grpc", ValueType.LISTEN, "127.0.0.1:4317", "Where OTLP over gRPC is received.");
  static final Key<List<String>> OTLP_FORWARD =
      Key.of(
          "otlp.forward",
          ValueType.LIST,
          "",
          "Receivers to which everything is passed on: http://collector:4318,"
              + " grpc://collector:4317.");
  static final Key<Long> OTLP_BODY =
      Key.of("otlp.body", ValueType.SIZE, "16MiB", "The longest OTLP message, after unpacking.");
  static final Key<Integer> OTLP_SPANS =
      Key.of(
          "otlp.spans",
          ValueType.count(1_000, 100_000_000),
          "200000",
          "How many spans are kept for the trace view.");
  static final Key<Long> BAD_BYTES =
      Key.of(
          "otlp.bad.bytes",
          ValueType.SIZE,
          "256MiB",
          "How many bytes of spans of bad requests are kept when newer spans push them out.");
  static final Key<Duration> BAD_KEEP =
      Key.of(
          "otlp.bad.keep",
          ValueType.DURATION_ABOVE_ZERO,
          "7d",
          "How long traces of bad requests are kept.");

  static final Key<LogLevel> LOG_LEVEL =
      Key.of(
          "log.level",
          ValueType.oneOf(List.of(LogLevel.values())),
          "info",
          "The least severe events that are logged.");

  private Keys() {}

  /** All keys, in the order in which {@code config print} shows them. */
  public static List<Key<?>> all() {
    List<Key<?>> all = new ArrayList<>(own());
    all.addAll(all.indexOf(SESSION_LONGEST) + 1, OpenIdSettings.ALL);
    all.addAll(all.indexOf(CORS_ORIGINS) + 1, TlsSettings.ALL);
    return List.copyOf(all);
  }

  private static List<Key<?>> own() {
    return List.of(
        DATA,
        STORE_URL,
        HTTP_LISTEN,
        HTTP_HOSTS,
        PUBLIC_URL,
        BASE_PATH,
        DEMO_ADDRESS,
        PROXIES,
        OPERATIONS,
        REGISTRY_LISTEN,
        CORS_ORIGINS,
        AUTH_MODE,
        AUTH_ISSUER,
        TOKEN_LONGEST,
        SESSION_LONGEST,
        VISIBILITY,
        BODY,
        CONNECTIONS,
        REQUESTS,
        BODIES,
        RATE,
        IDLE,
        DRAIN,
        WEBHOOKS_ALLOW,
        WATCH_FOLDERS,
        MAIL_HOST,
        MAIL_PORT,
        MAIL_TLS,
        MAIL_USER,
        MAIL_PASSWORD,
        MAIL_PASSWORD_FILE,
        MAIL_FROM,
        MAIL_TIMEOUT,
        KAFKA_BOOTSTRAP,
        KAFKA_IN,
        KAFKA_OUT,
        KAFKA_GROUP,
        KAFKA_PROPERTIES,
        EVENTS_VALIDATE,
        WATCH_KEEP,
        SLO_FILES,
        SLO_WATERMARK,
        SLO_MEMORY,
        OTLP_HTTP,
        OTLP_GRPC,
        OTLP_FORWARD,
        OTLP_BODY,
        OTLP_SPANS,
        BAD_BYTES,
        BAD_KEEP,
        SPANS_BOOTSTRAP,
        SPANS_TOPIC,
        SPANS_GROUP,
        SPANS_PROPERTIES,
        LOG_LEVEL);
  }
}
