package dev.troth.server;

import dev.troth.server.config.Config;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.gate.ExtAuthzRoutes;
import dev.troth.server.gate.PlatformGate;
import dev.troth.server.guard.GrpcGuard;
import dev.troth.server.guard.Guard;
import dev.troth.server.guard.Turnstile;
import dev.troth.server.http.AcceptedSockets;
import dev.troth.server.http.Listener;
import dev.troth.server.http.Observe;
import dev.troth.server.http.PackedBodies;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Routes;
import dev.troth.server.http.UnansweredWrites;
import dev.troth.server.http.connection.SecureSockets;
import dev.troth.server.limit.ByteBudget;
import dev.troth.server.limit.ClientAddresses;
import dev.troth.server.limit.Connections;
import dev.troth.server.limit.Places;
import dev.troth.server.limit.RequestRates;
import dev.troth.server.limit.Shares;
import dev.troth.server.ops.Metrics;
import dev.troth.server.telemetry.OtlpGrpcRoutes;
import dev.troth.server.tls.Certificates;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.Filter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The open ports of a platform: each behind the guard, with what clients share over all of them.
 */
final class ListenerRoom {
  /** Enough for a login and for a token to be judged. */
  private static final long STRANGERS_BODY_BYTES = 16 * 1024;

  private static final int CLIENTS_REMEMBERED = 10_000;

  private final Config config;
  private final Metrics metrics;
  private final Guard.Proofs proofs;
  private final UnansweredWrites unanswered;
  private final Shares shares;
  private Optional<Certificates> certificates = Optional.empty();

  ListenerRoom(Config config, Metrics metrics, Guard.Proofs proofs, UnansweredWrites unanswered) {
    this.config = config;
    this.metrics = metrics;
    this.proofs = proofs;
    this.unanswered = unanswered;
    this.shares = shares(config);
  }

  private static Shares shares(Config config) {
    Config.Shared shared = config.shared();
    ClientAddresses addresses = new ClientAddresses(config.http().proxies());
    return new Shares(
        new ByteBudget(shared.bodies(), shared.bodies() / 4 * 3),
        new Places(config.limits().requests()),
        // A rate is one of real time, whatever time the platform is told.
        new RequestRates(InstantSource.system(), CLIENTS_REMEMBERED),
        new RequestRates.Rate(shared.rate(), 2.0 * shared.rate()),
        new Connections(Math.max(1, config.limits().connections() / 2), addresses),
        addresses);
  }

  /** Has those listeners speak TLS that the certificates are for. */
  void speakTls(Certificates with) {
    certificates = Optional.of(with);
  }

  void addTo(Metrics metrics) {
    shares.addTo(metrics);
  }

  /** A listener behind the guard, unless it is off. */
  Optional<Listener> listen(
      String name, Optional<ListenAddress> address, List<Routes> routes, Predicate<String> closed) {
    Guard.Opening opening =
        new Guard.Opening(closed, config.limits().bodyBytes(), STRANGERS_BODY_BYTES);
    return address.map(open ->
        new Listener(
            name,
            open,
            config.limits(),
            filters(name, open, opening),
            routes,
            opened(name, open, config.limits()).andThen(PackedBodies::addTo)));
  }

  /** The listeners for telemetry, which bear longer bodies. */
  List<Listener> receive(TelemetryRoom telemetry, PlatformGate gate) {
    List<Listener> listeners = new ArrayList<>();
    long bodyBytes = config.telemetry().bodyBytes();
    Limits limits = config.limits().withBodyBytes(bodyBytes);
    // Agents on this machine need no token, others do.
    config
        .telemetry()
        .http()
        .map(open ->
            new Listener(
                "otlp-http",
                open,
                limits,
                filters(
                    "otlp-http",
                    open,
                    new Guard.Opening(
                        path -> !open.isLoopback(),
                        bodyBytes,
                        open.isLoopback() ? bodyBytes : STRANGERS_BODY_BYTES)),
                telemetry.otlpRoutes(),
                opened("otlp-http", open, limits).andThen(PackedBodies::addTo)))
        .ifPresent(listeners::add);
    config
        .telemetry()
        .grpc()
        .map(open ->
            new Listener(
                "otlp-grpc",
                open,
                limits,
                filters(
                    "otlp-grpc",
                    open,
                    new Guard.Opening(path -> true, bodyBytes, STRANGERS_BODY_BYTES)),
                List.of(),
                opened("otlp-grpc", open, limits)
                    .andThen(builder ->
                        telemetry
                            .otlpGrpc()
                            .addTo(
                                builder,
                                new GrpcGuard(
                                    proofs.identification(),
                                    service -> !open.isLoopback() && OtlpGrpcRoutes.isOtlp(service),
                                    grpcCalls()),
                                new ExtAuthzRoutes(gate.extAuthz())))))
        .ifPresent(listeners::add);
    return listeners;
  }

  /** What every listener does with its connections. */
  private Consumer<WebServerConfig.Builder> opened(String name, ListenAddress open, Limits limits) {
    Consumer<WebServerConfig.Builder> counted =
        AcceptedSockets.countedBy(shares.connections(), limits);
    return certificates
        .flatMap(each -> each.of(name, open))
        .map(context ->
            counted.andThen(SecureSockets.of(context, limits.idle(), name.equals("otlp-grpc"))))
        .orElse(counted);
  }

  /** So many that their messages, decoded, fit where all other bodies fit together. */
  private int grpcCalls() {
    long each = 4L * OtlpGrpcRoutes.longest(config.telemetry().bodyBytes());
    return (int) Math.max(2, config.shared().bodies() / each);
  }

  private List<Filter> filters(String name, ListenAddress open, Guard.Opening opening) {
    List<String> hosts = new ArrayList<>(config.http().hosts());
    config.http().publicUrl().ifPresent(url -> hosts.add(url.getHost()));
    Guard.Names names = new Guard.Names(hosts, config.http().corsOrigins());
    return List.of(
        new PathPrefix(config.http().front().basePath()),
        new Turnstile(shares),
        new Observe(name, metrics, unanswered),
        new Guard(open, names, proofs, opening, shares));
  }
}
