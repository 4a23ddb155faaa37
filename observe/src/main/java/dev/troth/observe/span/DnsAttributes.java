package dev.troth.observe.span;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes what the conventions of DNS (OpenTelemetry 1.45) ask for. Not thread-safe. */
final class DnsAttributes {
  private static final String SUCCESS = "NOERROR";

  private final Names names;

  DnsAttributes(Names names) {
    this.names = names;
  }

  Written write(List<Attribute> attributes, Operation operation, Facts.Dns facts) {
    boolean server = operation.exchange().role() == Role.SERVER;
    String name = names.known(facts.name());
    List<Attribute> few = new ArrayList<>(2);
    few.add(Attribute.of("dns.question.name", name));
    attributes.add(Attribute.of("dns.question.name", facts.name()));
    attributes.add(Attribute.of("troth.dns.question.type", facts.type()));
    attributes.add(Attribute.of("network.transport", facts.transport()));
    if (!facts.answer().addresses().isEmpty()) {
      attributes.add(Attribute.of("dns.answers", facts.answer().addresses()));
    }
    if (facts.answer().truncated()) {
      attributes.add(Attribute.of("troth.dns.truncated", "true"));
    }
    if (facts.times() > 1) {
      attributes.add(Attribute.of("troth.dns.questions", facts.times()));
    }
    ends(attributes, operation.connection(), facts, server);
    boolean failed = outcome(attributes, few, operation.exchange(), facts);
    return new Written(
        name.isEmpty() ? "dns.lookup" : "dns.lookup " + name,
        failed,
        new Labels(
            server ? "troth.dns.server.lookup.duration" : "dns.lookup.duration",
            few,
            "dns.question.name"));
  }

  private static void ends(
      List<Attribute> attributes, Connection connection, Facts.Dns facts, boolean server) {
    Optional<Facts.Peer> peer = facts.peer();
    if (peer.isEmpty() && facts.transport().equals("tcp")) {
      peer = Optional.of(new Facts.Peer(connection.remoteText(), connection.ends().remotePort()));
    }
    if (server) {
      attributes.add(Attribute.of("server.port", connection.ends().localPort()));
    }
    peer.ifPresent(other -> {
      attributes.add(Attribute.of(server ? "client.address" : "server.address", other.address()));
      if (!server) {
        attributes.add(Attribute.of("server.port", other.port()));
      }
      attributes.add(Attribute.of("network.peer.address", other.address()));
      attributes.add(Attribute.of("network.peer.port", other.port()));
    });
  }

  /** A server that says that a name is not there has not failed; who asked for it has. */
  private static boolean outcome(
      List<Attribute> attributes, List<Attribute> few, Exchange exchange, Facts.Dns facts) {
    String code = facts.answer().code();
    boolean answered = exchange.outcome() == Exchange.Outcome.COMPLETE;
    if (answered && !code.equals(SUCCESS)) {
      attributes.add(Attribute.of("troth.dns.response.code", code));
    }
    if (!answered && facts.transport().equals("udp")) {
      attributes.add(Attribute.of("troth.duration.until", "the last question"));
    }
    boolean failed =
        !answered
            || (exchange.role() == Role.CLIENT ? !code.equals(SUCCESS) : code.equals("SERVFAIL"));
    if (failed) {
      attributes.add(Attribute.of("error.type", code));
      few.add(Attribute.of("error.type", code));
    }
    return failed;
  }
}
