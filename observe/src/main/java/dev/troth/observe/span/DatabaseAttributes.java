package dev.troth.observe.span;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;

/** Writes what the conventions of databases (OpenTelemetry 1.45) ask for. Not thread-safe. */
final class DatabaseAttributes {
  private final Names names;

  DatabaseAttributes(Names names) {
    this.names = names;
  }

  Written write(List<Attribute> attributes, Operation operation, Facts.Database facts) {
    Exchange exchange = operation.exchange();
    Connection connection = operation.connection();
    boolean server = exchange.role() == Role.SERVER;
    String summary =
        names.known(
            facts.collection().isEmpty()
                ? facts.operation()
                : facts.operation() + " " + facts.collection());
    List<Attribute> few = new ArrayList<>(5);
    few.add(Attribute.of("db.system.name", facts.system()));
    add(few, "db.namespace", facts.namespace());
    add(few, "db.operation.name", facts.operation());
    attributes.addAll(few);
    add(attributes, "db.collection.name", facts.collection());
    add(attributes, "db.query.summary", summary);
    add(attributes, "db.query.text", facts.text());
    attributes.add(
        Attribute.of("server.address", server ? connection.localText() : connection.remoteText()));
    attributes.addAll(server ? connection.asServer() : connection.asClient());
    add(few, "db.query.summary", summary);
    boolean failed = outcome(attributes, few, exchange, facts);
    return new Written(
        summary.isEmpty() ? facts.system() : summary,
        failed,
        new Labels(
            server ? "troth.db.server.operation.duration" : "db.client.operation.duration",
            few,
            "db.query.summary"));
  }

  private static boolean outcome(
      List<Attribute> attributes, List<Attribute> few, Exchange exchange, Facts.Database facts) {
    String error = facts.error();
    if (exchange.outcome() == Exchange.Outcome.HEAD_ONLY) {
      attributes.add(Attribute.of("troth.duration.until", "ready for the next"));
    }
    // Of some error no code was seen.
    if (!error.isEmpty() && !error.equals(Facts.Database.SOME_ERROR)) {
      attributes.add(Attribute.of("db.response.status_code", error));
      few.add(Attribute.of("db.response.status_code", error));
    } else if (exchange.outcome() == Exchange.Outcome.ABORTED) {
      error = "connection_closed";
    }
    if (error.isEmpty()) {
      return false;
    }
    attributes.add(Attribute.of("error.type", error));
    few.add(Attribute.of("error.type", error));
    return true;
  }

  private static void add(List<Attribute> attributes, String name, String value) {
    if (!value.isEmpty()) {
      attributes.add(Attribute.of(name, value));
    }
  }
}
