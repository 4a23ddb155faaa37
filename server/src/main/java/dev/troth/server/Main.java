package dev.troth.server;

import dev.troth.server.auth.Identification;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.SigningKey;
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
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.gate.ExtAuthzRoutes;
import dev.troth.server.gate.GateRoutes;
import dev.troth.server.gate.PlatformGate;
import dev.troth.server.http.Guard;
import dev.troth.server.http.HealthRoutes;
import dev.troth.server.http.Json;
import dev.troth.server.http.Listener;
import dev.troth.server.http.MetricsRoutes;
import dev.troth.server.http.Observe;
import dev.troth.server.http.PackedBodies;
import dev.troth.server.http.Routes;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.Logins;
import dev.troth.server.identity.SessionRoutes;
import dev.troth.server.identity.TokenRoutes;
import dev.troth.server.ops.DataFolder;
import dev.troth.server.ops.Health;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Subject;
import io.helidon.webserver.http.Filter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** Wires the platform, top down: the one class that knows every room. */
public final class Main {
  private final Config config;
  private final Metrics metrics = new Metrics(version());
  private final Health health = new Health();
  private final List<Lifecycle> parts = new ArrayList<>();

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
    Database database = add(new Database(data.file("troth.db"), 2));
    metrics.gauge(
        "troth_server_writes_waiting", "Transactions that wait to write.", database::waitingWrites);
    metrics.gauge(
        "troth_server_reads_waiting", "Transactions that wait to read.", database::waitingReads);
    add(new Migrator(database, clock));
    SqliteChangeLog changes = add(new SqliteChangeLog(database, clock, SqliteFanOutStore::begin));
    TokenStore store = add(new TokenStore(database, changes, clock));
    Tokens tokens = add(tokens(store, clock));
    boolean development = config.auth().mode() == AuthMode.DEVELOPMENT;
    Identification identification = new Identification(tokens, development);
    Visibility visibility =
        new Visibility(
            config.auth().visibility(),
            Main::owner,
            development ? (handle, user) -> Role.ADMIN : store::roleOf);
    WatchRoom watch =
        new WatchRoom(database, clock, new WatchRoom.Ground(changes, config.watch(), visibility));
    parts.addAll(watch.parts());

    List<Routes> routes = new ArrayList<>();
    routes.add(new HealthRoutes(health));
    routes.add(new MetricsRoutes(metrics));
    Logins logins = new Logins(tokens, store, watch.streams()::askAgain);
    routes.add(new SessionRoutes(logins));
    AccessTokens accessTokens = new AccessTokens(tokens, store, clock, watch.streams()::askAgain);
    routes.add(new TokenRoutes(accessTokens));
    routes.addAll(watch.routes());
    TelemetryRoom telemetry =
        new TelemetryRoom(database, clock, config.telemetry(), changes, watch.revisions());
    parts.addAll(telemetry.parts());
    routes.addAll(telemetry.routes());
    telemetry.addTo(metrics);
    watch.addTo(metrics);
    Services services =
        new Services(
            watch.records(),
            watch.watches(),
            watch.inbox(),
            accessTokens,
            logins,
            telemetry.objectives(),
            telemetry.traces(),
            clock);
    routes.add(new ConsoleRoutes(services, version()));
    PlatformGate gate = add(new PlatformGate(tokens, metrics));
    routes.add(new GateRoutes(gate, Json.mapper()));
    // Rooms: add(part) what runs in the background, routes.add(...) what answers.

    receive(telemetry, gate, identification);
    listen("http", config.http().listen(), identification, routes);
    // After the listener, so that streams end before it waits for its requests to.
    add(watch.streams());
    return new Platform(health, database, parts);
  }

  /** To whom a subject belongs, of the types that belong to a user. */
  private static Optional<String> owner(Handle handle, Subject subject) {
    return switch (subject.type()) {
      case "token" -> TokenStore.owner(handle, subject.id());
      case "endpoint" -> EndpointStore.owner(handle, subject.id());
      case "watch" -> WatchStore.owner(handle, subject.id());
      default -> Optional.empty();
    };
  }

  private Tokens tokens(TokenStore store, Clock clock) {
    Config.Auth auth = config.auth();
    return new Tokens(
        SigningKey.fileIn(config.data()),
        new Tokens.Terms(auth.issuer(), auth.tokenLongest(), auth.sessionLongest(), clock),
        store,
        Json.mapper());
  }

  /** Adds a listener behind the guard, unless it is off. */
  private void listen(
      String name,
      Optional<ListenAddress> address,
      Identification identification,
      List<Routes> routes) {
    address.ifPresent(open ->
        add(
            new Listener(
                name,
                open,
                config.limits(),
                filters(name, open, identification, Guard.API),
                routes,
                PackedBodies::addTo)));
  }

  /** Adds the listeners for telemetry, which bear longer bodies. */
  private void receive(TelemetryRoom telemetry, PlatformGate gate, Identification identification) {
    Limits usual = config.limits();
    Limits limits =
        new Limits(
            config.telemetry().bodyBytes(),
            usual.connections(),
            usual.requests(),
            usual.idle(),
            usual.grace());
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
                        // Agents on this machine need no token, others do.
                        "otlp-http", open, identification, path -> !open.isLoopback()),
                    telemetry.otlpRoutes(),
                    PackedBodies::addTo)));
    config
        .telemetry()
        .grpc()
        .ifPresent(open ->
            add(
                new Listener(
                    "otlp-grpc",
                    open,
                    limits,
                    filters("otlp-grpc", open, identification, path -> true),
                    List.of(),
                    builder ->
                        telemetry.otlpGrpc().addTo(builder, new ExtAuthzRoutes(gate.extAuthz())))));
  }

  private List<Filter> filters(
      String name, ListenAddress open, Identification identification, Predicate<String> closed) {
    Guard.Names names = new Guard.Names(config.http().hosts(), config.http().corsOrigins());
    return List.of(new Observe(name, metrics), new Guard(open, names, identification, closed));
  }

  private <P extends Lifecycle> P add(P part) {
    parts.add(part);
    return part;
  }
}
