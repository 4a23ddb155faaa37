package dev.troth.server;

import dev.troth.server.audit.Audit;
import dev.troth.server.audit.AuditRoutes;
import dev.troth.server.auth.Identification;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.SignInEventStore;
import dev.troth.server.auth.SignInStore;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.auth.SigningKeyStore;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.Config;
import dev.troth.server.config.Config.AuthMode;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.console.ConsoleRoutes;
import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.endpoint.Links;
import dev.troth.server.gate.ExtAuthzRoutes;
import dev.troth.server.gate.GateRoutes;
import dev.troth.server.gate.PlatformGate;
import dev.troth.server.guard.GrpcGuard;
import dev.troth.server.guard.Guard;
import dev.troth.server.http.AcceptedSockets;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Listener;
import dev.troth.server.http.Observe;
import dev.troth.server.http.PackedBodies;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Routes;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.Logins;
import dev.troth.server.identity.SessionRoutes;
import dev.troth.server.identity.SignIns;
import dev.troth.server.identity.TokenRoutes;
import dev.troth.server.limit.ByteBudget;
import dev.troth.server.limit.ClientAddresses;
import dev.troth.server.limit.Connections;
import dev.troth.server.limit.RequestRates;
import dev.troth.server.limit.Shares;
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
import dev.troth.server.telemetry.OtlpGrpcRoutes;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.Filter;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Wires the platform, top down: the one class that knows every room. */
public final class Main {
  /** Enough for a login and for a token to be judged. */
  private static final long STRANGERS_BODY_BYTES = 16 * 1024;

  private static final int CLIENTS_REMEMBERED = 10_000;
  private static final int FILE_READERS = 2;
  private static final int SERVER_READERS = 8;

  private final Config config;
  private final Metrics metrics = new Metrics(version());
  private final Health health = new Health();
  private final List<Lifecycle> parts = new ArrayList<>();

  private final Shares shares;

  private Main(Config config) {
    this.config = config;
    this.shares = shares(config);
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
    TokenStore store = add(new TokenStore(database, changes, clock));
    Tokens tokens =
        add(tokens(new SigningKeyStore(database, SigningKey.fileIn(config.data())), store, clock));
    SignInStore signIns = new SignInStore(database, store, clock);
    SignInEventStore signInEvents =
        add(new SignInEventStore(database, clock, config.watch().keep()));
    add(new SignIns(signIns, config.auth().openId()));
    Cookies.Session cookie = new Cookies.Session(tokens::platform, base());
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
                registry.schemasOfEvents(config.http())));
    parts.addAll(watch.parts());

    List<Routes> routes = new ArrayList<>();
    routes.add(new HealthRoutes(health));
    routes.add(new MetricsRoutes(metrics));
    Logins logins =
        new Logins(tokens, store, signIns, signInEvents, cookie, watch.streams()::askAgain);
    routes.add(new SessionRoutes(logins));
    AccessTokens accessTokens = new AccessTokens(tokens, store, clock, watch.streams()::askAgain);
    routes.add(new TokenRoutes(accessTokens));
    routes.add(new AuditRoutes(new Audit(database, signInEvents)));
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
                watch.sources()),
            clock);
    routes.add(new ConsoleRoutes(services, base(), version()));
    routes.add(new GateRoutes(gate, Json.mapper()));
    routes.addAll(registry.routes("/registry"));
    routes.add(new ConsumerRoutes(new Consumers(database, changes, clock)));
    // Rooms: add(part) what runs in the background, routes.add(...) what answers.

    receive(telemetry, gate, proofs);
    listen("http", config.http().listen(), proofs, routes, Guard.API);
    listen(
        "operations",
        config.http().operations(),
        proofs,
        List.of(new HealthRoutes(health), new MetricsRoutes(metrics)),
        Guard.API);
    listen("registry", config.http().registry(), proofs, registry.routes(""), path -> true);
    shares.addTo(metrics);
    add(new AddressFile(config.data(), () -> address().map(URI::toString)));
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

  /** Adds a listener behind the guard, unless it is off. */
  private void listen(
      String name,
      Optional<ListenAddress> address,
      Guard.Proofs proofs,
      List<Routes> routes,
      Predicate<String> closed) {
    Guard.Opening opening =
        new Guard.Opening(closed, config.limits().bodyBytes(), STRANGERS_BODY_BYTES);
    address.ifPresent(open ->
        add(
            new Listener(
                name,
                open,
                config.limits(),
                filters(name, open, proofs, opening),
                routes,
                AcceptedSockets.countedBy(shares.connections(), config.limits())
                    .andThen(PackedBodies::addTo))));
  }

  /** Adds the listeners for telemetry, which bear longer bodies. */
  private void receive(TelemetryRoom telemetry, PlatformGate gate, Guard.Proofs proofs) {
    long bodyBytes = config.telemetry().bodyBytes();
    Limits limits = config.limits().withBodyBytes(bodyBytes);
    Consumer<WebServerConfig.Builder> counted =
        AcceptedSockets.countedBy(shares.connections(), limits);
    // Agents on this machine need no token, others do.
    config
        .telemetry()
        .http()
        .ifPresent(open ->
            add(
                new Listener(
                    "otlp-http",
                    open,
                    limits,
                    filters(
                        "otlp-http",
                        open,
                        proofs,
                        new Guard.Opening(
                            path -> !open.isLoopback(),
                            bodyBytes,
                            open.isLoopback() ? bodyBytes : STRANGERS_BODY_BYTES)),
                    telemetry.otlpRoutes(),
                    counted.andThen(PackedBodies::addTo))));
    config
        .telemetry()
        .grpc()
        .ifPresent(open ->
            add(
                new Listener(
                    "otlp-grpc",
                    open,
                    limits,
                    filters(
                        "otlp-grpc",
                        open,
                        proofs,
                        new Guard.Opening(path -> true, bodyBytes, STRANGERS_BODY_BYTES)),
                    List.of(),
                    counted.andThen(builder ->
                        telemetry
                            .otlpGrpc()
                            .addTo(
                                builder,
                                new GrpcGuard(
                                    proofs.identification(),
                                    service -> !open.isLoopback() && OtlpGrpcRoutes.isOtlp(service),
                                    grpcCalls()),
                                new ExtAuthzRoutes(gate.extAuthz()))))));
  }

  /** So many that their messages, decoded, fit where all other bodies fit together. */
  private int grpcCalls() {
    long each = 4L * OtlpGrpcRoutes.longest(config.telemetry().bodyBytes());
    return (int) Math.max(2, config.shared().bodies() / each);
  }

  private List<Filter> filters(
      String name, ListenAddress open, Guard.Proofs proofs, Guard.Opening opening) {
    List<String> hosts = new ArrayList<>(config.http().hosts());
    config.http().publicUrl().ifPresent(url -> hosts.add(url.getHost()));
    Guard.Names names = new Guard.Names(hosts, config.http().corsOrigins());
    return List.of(
        base(), new Observe(name, metrics), new Guard(open, names, proofs, opening, shares));
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
          return URI.create("http://" + new ListenAddress(named, port));
        });
  }

  /** The free port that the listener took. */
  private int openPort() {
    return parts.stream()
        .filter(part -> part instanceof Listener listener && listener.name().equals("http"))
        .map(part -> ((Listener) part).port())
        .findFirst()
        .orElseThrow();
  }

  private static Shares shares(Config config) {
    Config.Shared shared = config.shared();
    ClientAddresses addresses = new ClientAddresses(config.http().proxies());
    return new Shares(
        new ByteBudget(shared.bodies(), shared.bodies() / 4 * 3),
        // A rate is one of real time, whatever time the platform is told.
        new RequestRates(InstantSource.system(), CLIENTS_REMEMBERED),
        new RequestRates.Rate(shared.rate(), 2.0 * shared.rate()),
        new Connections(Math.max(1, config.limits().connections() / 2), addresses),
        addresses);
  }

  private <P extends Lifecycle> P add(P part) {
    parts.add(part);
    return part;
  }
}
