package dev.troth.observe.metrics;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Connection;
import dev.troth.observe.span.Labels;
import dev.troth.observe.span.Operation;

/**
 * Who calls whom.
 *
 * @param client the calling service, or {@link #UNKNOWN}
 * @param server the service that is called, or its address and port
 * @param kind what the connection type of service graphs is told as
 * @param system the protocol's or the database's name: http, grpc, postgresql, redis, kafka, dns
 */
public record Edge(String client, String server, Kind kind, String system) {
  /** A caller or a callee that is not watched and has no address. */
  public static final String UNKNOWN = "unknown";

  /** What kind of call it is, as service graphs have it. */
  public enum Kind {
    /** From one watched service to another. */
    SERVICES(""),
    /** One end is not watched. */
    VIRTUAL("virtual_node"),
    DATABASE("database"),
    MESSAGING("messaging_system");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As the label {@code connection_type} has it. */
    public String text() {
      return text;
    }
  }

  /** The edge of an operation, from what is known of both ends of its connection. */
  static Edge of(Operation operation) {
    Connection connection = operation.connection();
    String own = connection.target().service();
    boolean server = operation.exchange().role() == Role.SERVER;
    String peer =
        connection
            .peer()
            .map(Target::service)
            .orElseGet(() -> server ? UNKNOWN : callee(connection, operation.exchange().facts()));
    boolean virtual = connection.peer().isEmpty();
    Kind otherwise = virtual ? Kind.VIRTUAL : Kind.SERVICES;
    return switch (operation.exchange().facts()) {
      case Facts.Http http -> between(server, own, peer, otherwise, "http");
      case Facts.Rpc rpc -> between(server, own, peer, otherwise, rpc.system());
      case Facts.Database database -> between(server, own, peer, Kind.DATABASE, database.system());
      case Facts.Messaging messaging ->
          between(server, own, peer, Kind.MESSAGING, messaging.system());
      case Facts.Dns dns -> between(server, own, peer, otherwise, "dns");
    };
  }

  private static Edge between(boolean server, String own, String peer, Kind kind, String system) {
    return server ? new Edge(peer, own, kind, system) : new Edge(own, peer, kind, system);
  }

  private static String callee(Connection connection, Facts facts) {
    if (facts instanceof Facts.Dns dns && dns.peer().isPresent()) {
      Facts.Peer asked = dns.peer().get();
      return (asked.address().contains(":") ? "[" + asked.address() + "]" : asked.address())
          + ":"
          + asked.port();
    }
    return connection.ends().remotePort() == 0 ? UNKNOWN : connection.remoteName();
  }

  /** The same for callees beyond the most that are told apart. */
  Edge withOthers() {
    return new Edge(Labels.OTHER, Labels.OTHER, kind, system);
  }
}
