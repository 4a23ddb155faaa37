package dev.troth.server.http;

import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.http.connection.Methods;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.Lifecycle;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One open port with its routes: HTTP/1.1 and cleartext HTTP/2, bounded in every direction.
 *
 * <p>Each request runs on a virtual thread of its own, so routes block as they like.
 */
public final class Listener implements Lifecycle {
  /** HTTP/2's own beginning, of a stream and of a connection (RFC 9113, 6.9.2). */
  private static final int WINDOW_BYTES = 65_535;

  private final String name;
  private final ListenAddress address;
  private final Limits limits;
  private final LongestBody longestBody;
  private final List<? extends Filter> filters;
  private final List<Routes> routes;
  private final Consumer<WebServerConfig.Builder> more;
  private @Nullable WebServer server;
  private volatile int opened;

  /** A listener for HTTP routes; filters see each request in their order. */
  public Listener(
      String name,
      ListenAddress address,
      Limits limits,
      List<? extends Filter> filters,
      List<Routes> routes) {
    this(name, address, limits, filters, routes, builder -> {});
  }

  /** A listener with further protocols or routings beside HTTP, which {@code more} adds. */
  public Listener(
      String name,
      ListenAddress address,
      Limits limits,
      List<? extends Filter> filters,
      List<Routes> routes,
      Consumer<WebServerConfig.Builder> more) {
    this.name = name;
    this.address = address;
    this.limits = limits;
    this.longestBody = new LongestBody(limits.bodyBytes());
    this.filters = List.copyOf(filters);
    this.routes = List.copyOf(routes);
    this.more = more;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    Http1Config http =
        Http1Config.builder().maxPrologueLength(8 * 1024).maxHeadersSize(16 * 1024).build();
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(address.host())
            .port(address.port())
            .shutdownHook(false)
            .maxPayloadSize(longestBody.end())
            .maxTcpConnections(limits.connections())
            .maxConcurrentRequests(limits.requests())
            .idleConnectionTimeout(limits.idle())
            .idleConnectionPeriod(limits.idle().dividedBy(4))
            .shutdownGracePeriod(limits.grace())
            .maxInMemoryEntity(64 * 1024)
            .backlog(1024)
            // Reads of a channel itself know no timeout.
            .useNio(false)
            .connectionOptions(new AcceptedSockets(limits.idle(), socket -> {}))
            .protocolsDiscoverServices(false)
            .addConnectionSelector(new FirstLines())
            .addProtocol(http)
            .addProtocol(
                Http2Config.builder()
                    .maxHeaderListSize(16 * 1024)
                    .maxConcurrentStreams(256)
                    // So much of a connection's data may wait before a route reads it.
                    .initialWindowSize(WINDOW_BYTES)
                    .build())
            .directHandlers(directHandlers())
            .routing(routing());
    more.accept(builder);
    builder.addConnectionSelector(
        Methods.of(
            http, ProtocolConfigs.create(builder.protocols()), limits.idle().multipliedBy(2)));
    probe();
    WebServer started = builder.build().start();
    if (!started.isRunning()) {
      throw new CannotStart("%s cannot listen on %s".formatted(name, address));
    }
    server = started;
    opened = started.port();
  }

  /** Opens and closes the port once, because the server keeps to itself why it could not. */
  private void probe() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      InetSocketAddress where = new InetSocketAddress(address.host(), address.port());
      if (where.isUnresolved()) {
        throw new CannotStart(
            "%s cannot listen on %s: the host is unknown".formatted(name, address));
      }
      socket.bind(where);
    } catch (IOException e) {
      throw new CannotStart("%s cannot listen on %s: %s".formatted(name, address, e.getMessage()));
    }
  }

  /** Takes no new connections, lets running requests end within the grace, then closes. */
  @Override
  public void stop() {
    if (server != null) {
      server.stop();
    }
  }

  /**
   * The port that is open, which differs from the address's if that was 0. It stays known after the
   * stop: what is still being sent may name it.
   */
  public int port() {
    if (opened == 0) {
      throw new IllegalStateException(name + " has not started");
    }
    return opened;
  }

  private HttpRouting.Builder routing() {
    HttpRouting.Builder builder = HttpRouting.builder();
    builder.addFilter(new Failures.Faces(routes));
    filters.forEach(builder::addFilter);
    builder.addFilter(longestBody);
    Failures.addTo(builder);
    KnownRoutes known = new KnownRoutes();
    routes.forEach(each -> each.addTo(known));
    for (Filter filter : filters) {
      if (filter instanceof PathPrefix base) {
        base.requireFree(name, known.patterns());
      }
    }
    known.addTo(builder);
    return builder;
  }

  private DirectHandlers directHandlers() {
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      builder.addHandler(type, new DirectProblems(limits.bodyBytes()));
    }
    return builder.build();
  }
}
