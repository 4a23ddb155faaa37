package dev.troth.observe.span;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;

/** Writes what the conventions of messaging (OpenTelemetry 1.45) ask for. Not thread-safe. */
final class MessagingAttributes {
  private final Names names;

  MessagingAttributes(Names names) {
    this.names = names;
  }

  Written write(List<Attribute> attributes, Operation operation, Facts.Messaging facts) {
    Exchange exchange = operation.exchange();
    Connection connection = operation.connection();
    boolean server = exchange.role() == Role.SERVER;
    String destination = facts.destination().isEmpty() ? "" : names.known(facts.destination());
    List<Attribute> few = new ArrayList<>(6);
    few.add(Attribute.of("messaging.system", facts.system()));
    few.add(Attribute.of("messaging.operation.name", facts.operation()));
    few.add(
        Attribute.of(
            "messaging.operation.type", facts.operation().equals("send") ? "send" : "receive"));
    attributes.addAll(few);
    add(few, "messaging.destination.name", destination);
    add(attributes, "messaging.destination.name", facts.destination());
    add(attributes, "messaging.destination.partition.id", facts.partition());
    add(attributes, "messaging.client.id", facts.client());
    if (facts.count() >= 0) {
      attributes.add(Attribute.of("messaging.batch.message_count", facts.count()));
    }
    attributes.add(
        Attribute.of("server.address", server ? connection.localText() : connection.remoteText()));
    attributes.addAll(server ? connection.asServer() : connection.asClient());
    String error = facts.error();
    if (exchange.outcome() == Exchange.Outcome.ABORTED) {
      error = "connection_closed";
    }
    add(attributes, "error.type", error);
    add(few, "error.type", error);
    return new Written(
        destination.isEmpty() ? facts.operation() : facts.operation() + " " + destination,
        !error.isEmpty(),
        new Labels(
            server
                ? "troth.messaging.server.operation.duration"
                : "messaging.client.operation.duration",
            few,
            "messaging.destination.name"));
  }

  private static void add(List<Attribute> attributes, String name, String value) {
    if (!value.isEmpty()) {
      attributes.add(Attribute.of(name, value));
    }
  }
}
