package dev.troth.observe.span;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what the conventions of remote procedure calls (OpenTelemetry 1.45) ask for. Not
 * thread-safe.
 */
final class RpcAttributes {
  /** The names of gRPC's status codes, by number. */
  private static final List<String> STATUS =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  /** Those that are the server's own fault; the others are the caller's. */
  private static final List<String> SERVER_FAULTS =
      List.of(
          "UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS");

  private final Names names;
  private final CapturedHeaders captured;

  RpcAttributes(Names names, CapturedHeaders captured) {
    this.names = names;
    this.captured = captured;
  }

  Written write(List<Attribute> attributes, Operation operation, Facts.Rpc facts) {
    Exchange exchange = operation.exchange();
    Connection connection = operation.connection();
    boolean server = exchange.role() == Role.SERVER;
    String full = names.known(facts.service() + "/" + facts.method());
    attributes.add(Attribute.of("rpc.system.name", facts.system()));
    attributes.add(Attribute.of("rpc.method", full));
    attributes.add(address(facts, server ? connection.localText() : connection.remoteText()));
    attributes.addAll(server ? connection.asServer() : connection.asClient());
    attributes.add(Attribute.of("network.protocol.version", "2"));
    captured.addRequest(attributes, facts.request());
    captured.addResponse(attributes, facts.response());
    List<Attribute> outcome = new ArrayList<>(2);
    boolean failed = outcome(outcome, exchange, facts, server);
    attributes.addAll(outcome);
    List<Attribute> values = new ArrayList<>(4);
    values.add(Attribute.of("rpc.system.name", facts.system()));
    values.add(Attribute.of("rpc.method", full));
    values.addAll(outcome);
    return new Written(
        full,
        failed,
        new Labels(
            server ? "rpc.server.call.duration" : "rpc.client.call.duration",
            values,
            "rpc.method"));
  }

  private static Attribute address(Facts.Rpc facts, String otherwise) {
    String authority = Header.first(facts.request(), ":authority");
    if (authority == null || authority.isEmpty()) {
      return Attribute.of("server.address", otherwise);
    }
    int colon = authority.lastIndexOf(':');
    boolean port = colon > 0 && colon > authority.lastIndexOf(']');
    return Attribute.of("server.address", port ? authority.substring(0, colon) : authority);
  }

  private static boolean outcome(
      List<Attribute> attributes, Exchange exchange, Facts.Rpc facts, boolean server) {
    if (facts.status().isPresent()) {
      int code = facts.status().get();
      String name = code >= 0 && code < STATUS.size() ? STATUS.get(code) : Integer.toString(code);
      attributes.add(Attribute.of("rpc.status_code", name));
      boolean failed = server ? SERVER_FAULTS.contains(name) : code != 0;
      if (failed) {
        attributes.add(Attribute.of("error.type", name));
      }
      return failed;
    }
    boolean reset = exchange.outcome() == Exchange.Outcome.ABORTED;
    if (exchange.isHidden() && !reset) {
      attributes.add(Attribute.of("troth.unknown", "rpc.status_code"));
      return false;
    }
    attributes.add(Attribute.of("error.type", reset ? "connection_closed" : "no_status"));
    return true;
  }
}
