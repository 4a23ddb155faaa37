package dev.troth.server;

import dev.troth.server.audit.Audit;
import dev.troth.server.audit.AuditRoutes;
import dev.troth.server.auth.Identification;
import dev.troth.server.auth.QuietActStore;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.SignInStore;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.auth.SigningKeyStore;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.Config;
import dev.troth.server.config.Config.AuthMode;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.console.ConsoleRoutes;
import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.endpoint.Links;
import dev.troth.server.gate.GateRoutes;
import dev.troth.server.gate.PlatformGate;
import dev.troth.server.guard.Guard;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Listener;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Routes;
import dev.troth.server.http.UnansweredWrites;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.Logins;
import dev.troth.server.identity.SessionRoutes;
import dev.troth.server.identity.SignIns;
import dev.troth.server.identity.TokenRoutes;
import dev.troth.server.oncall.OncallStore;
import dev.troth.server.openid.SignIn;
import dev.troth.server.operations.HealthRoutes;
import dev.troth.server.operations.MetricsRoutes;
import dev.troth.server.ops.AddressFile;
import dev.troth.server.ops.DataFolder;
import dev.troth.server.ops.Health;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import dev.troth.server.registry.Catalogue;
import dev.troth.server.registry.ConsumerRoutes;
import dev.troth.server.registry.Consumers;
import dev.troth.server.tls.Certificates;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Wires the platform, top down: the one class that knows every room. */
public final class Main {
  private static final int FILE_READERS = 2;
  private static final int SERVER_READERS = 8;

  private final Config config;
  private final Metrics metrics = new Metrics(version());
  private final Health health = new Health();
  private final List<Lifecycle> parts = new ArrayList<>();
  private final UnansweredWrites unanswered = new UnansweredWrites();

  private Main(Config config) {
    this.config = config;
  }

  /**
   * Assembles and starts a platform.
   *
   * @throws dev.troth.server.ops.CannotStart when something outside the program is in the way
   */
  public static Platform start(Config config, Clock clock) {
    return new Main(config).assemble(clock).start();
  }

  /** The version of the jar; {@code 0} when run from classes. */
  public static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("0");
  }

  private Platform assemble(Clock clock) {
    DataFolder data = add(new DataFolder(config.data()));
    Database database =
        add(
            config
                .store()
                .map(url -> Database.at(url, SERVER_READERS, config.data()))
                .orElseGet(() -> new Database(data.file("troth.db"), FILE_READERS)));
    metrics.gauge(
        "troth_server_writes_waiting", "Transactions that wait to write.", database::waitingWrites);
    metrics.gauge(
        "troth_server_reads_waiting", "Transactions that wait to read.", database::waitingReads);
    add(new Migrator(database, clock));
    health.standsOn(database::obstacle);
    SqliteChangeLog changes =
        add(new SqliteChangeLog(database, clock, SqliteFanOutStore::begin, OncallStore::appended));
    TokenStore store = add(new TokenStore(database, changes, clock, config.watch().keep()));
    Tokens tokens =
        add(tokens(new SigningKeyStore(database, SigningKey.fileIn(config.data())), store, clock));
    SignInStore signIns = new SignInStore(database, store, clock);
    QuietActStore quietActs = add(new QuietActStore(database, clock, config.watch().keep()));
    add(new SignIns(signIns, config.auth().openId()));
    var cookie = new Cookies.Session(tokens::platform, base(), config.http().publicUrl());
    boolean development = config.auth().mode() == AuthMode.DEVELOPMENT;
    Guard.Proofs proofs = new Guard.Proofs(new Identification(tokens, development), cookie);
    Visibility visibility =
        new Visibility(
            config.auth().visibility(),
            WatchRoom::owner,
            development ? (handle, user) -> Role.ADMIN : store::roleOf);
    RegistryRoom registry = new RegistryRoom(database, changes, version());
    WatchRoom watch =
        new WatchRoom(
            database,
            clock,
            new WatchRoom.Ground(
                changes,
                config.watch(),
                visibility,
                development ? (handle, user) -> Optional.of(Role.ADMIN) : store::strongest,
                links(),
                registry.schemasOfEvents(config.http()),
                unanswered,
                quietActs));
    parts.addAll(watch.parts());
    List<Routes> routes = new ArrayList<>();
    routes.add(new HealthRoutes(health));
    routes.add(new MetricsRoutes(metrics));
    Logins logins =
        new Logins(tokens, store, signIns, quietActs, cookie, watch.streams()::askAgain);
    routes.add(new SessionRoutes(logins));
    AccessTokens accessTokens = new AccessTokens(tokens, store, clock, watch.streams()::askAgain);
    routes.add(new TokenRoutes(accessTokens));
    Audit audit = new Audit(database, quietActs);
    routes.add(new AuditRoutes(audit));
    routes.addAll(watch.routes());
    config
        .watch()
        .kafka()
        .ifPresent(settings -> join(new KafkaRoom(settings, database, changes, clock), routes));
    TelemetryRoom telemetry =
        new TelemetryRoom(database, clock, config, changes, watch.revisions(), watch.escalations());
    parts.addAll(telemetry.parts());
    routes.addAll(telemetry.routes());
    telemetry.addTo(metrics);
    health.warns(telemetry::warnings);
    watch.addTo(metrics);
    PlatformGate gate =
        add(
            new PlatformGate(
                tokens,
                metrics,
                SigningKey.fileIn(config.data()),
                watch.revisions()::touchVerdicts));
    Services services =
        new Services(
            watch.records(),
            watch.subjects(),
            watch.watches(),
            watch.inbox(),
            watch.account(accessTokens, logins, signIn(logins, clock)),
            telemetry.objectives(),
            telemetry.traces(),
            new ConsoleRoutes.Views(
                new Catalogue(database),
                gate,
                telemetry.maps(),
                telemetry.incidents(),
                telemetry.badRequests(),
                watch.explanations(),
                watch.sources(),
                audit),
            clock);
    routes.add(
        new ConsoleRoutes(services, database, base(), version(), config.http().front().demo()));
    routes.add(new GateRoutes(gate, Json.mapper()));
    routes.addAll(registry.routes("/registry"));
    routes.add(new ConsumerRoutes(new Consumers(database, changes, clock)));
    // Rooms: add(part) what runs in the background, routes.add(...) what answers.

    ListenerRoom listeners = new ListenerRoom(config, metrics, proofs, unanswered);
    Optional<Certificates> tls =
        config.http().tls().map(settings -> add(new Certificates(settings, clock)));
    tls.ifPresent(certificates -> {
      certificates.addTo(metrics);
      health.warns(certificates::warnings);
      listeners.speakTls(certificates);
    });
    listeners.receive(telemetry, gate).forEach(this::add);
    List<Routes> operations = List.of(new HealthRoutes(health), new MetricsRoutes(metrics));
    Config.Http http = config.http();
    listeners.listen("http", http.listen(), routes, Guard.API).ifPresent(this::add);
    listeners.listen("operations", http.operations(), operations, Guard.API).ifPresent(this::add);
    listeners
        .listen("registry", http.registry(), registry.routes(""), path -> true)
        .ifPresent(this::add);
    listeners.addTo(metrics);
    AddressFile file =
        add(new AddressFile(config.data(), () -> address().map(at -> place(at, tls))));
    tls.ifPresent(certificates -> certificates.onRenewal(file::refresh));
    // After the listener, so that streams end before it waits for its requests to.
    add(watch.streams());
    return new Platform(health, database, parts);
  }

  /** The links in messages, which lead to where users reach the platform. */
  private Links links() {
    return new Links(this::front, () -> SigningKey.load(SigningKey.fileIn(config.data())));
  }

  /** Where users reach the platform, its base path included. */
  private URI front() {
    return config
        .http()
        .publicUrl()
        .or(this::address)
        .map(url -> URI.create(url + base().prefix()))
        .orElseThrow(() ->
            new IllegalStateException(
                "http.public-url is missing, expected with http.listen off: links begin with it"));
  }

  /** The sign-in at a provider, if there is one. */
  private Optional<SignIn> signIn(Logins logins, Clock clock) {
    return config
        .auth()
        .openId()
        .map(settings -> new SignIn(settings, logins, this::front, base(), clock));
  }

  private Tokens tokens(SigningKeyStore key, TokenStore store, Clock clock) {
    Config.Auth auth = config.auth();
    return new Tokens(
        key::key,
        new Tokens.Terms(auth.issuer(), auth.tokenLongest(), auth.sessionLongest(), clock),
        store,
        Json.mapper());
  }

  private void join(KafkaRoom kafka, List<Routes> routes) {
    parts.addAll(kafka.parts());
    routes.addAll(kafka.routes());
    kafka.addTo(metrics);
  }

  private PathPrefix base() {
    return new PathPrefix(config.http().front().basePath());
  }

  /** Where the API is reached from this machine. */
  private Optional<URI> address() {
    return config
        .http()
        .listen()
        .map(listen -> {
          String host = listen.host();
          String named = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
          int port = listen.port() == 0 ? openPort() : listen.port();
          boolean tls = config.http().tls().filter(on -> on.covers("http", listen)).isPresent();
          return URI.create((tls ? "https://" : "http://") + new ListenAddress(named, port));
        });
  }

  private static AddressFile.Place place(URI address, Optional<Certificates> tls) {
    return new AddressFile.Place(
        address.toString(),
        tls.filter(on -> "https".equals(address.getScheme())).map(Certificates::fingerprint));
  }

  /** The free port that the listener took. */
  private int openPort() {
    return parts.stream()
        .filter(part -> part instanceof Listener listener && listener.name().equals("http"))
        .map(part -> ((Listener) part).port())
        .findFirst()
        .orElseThrow();
  }

  private <P extends Lifecycle> P add(P part) {
    parts.add(part);
    return part;
  }
}
