package dev.troth.observe.span;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.route.Routes;
import java.util.ArrayList;
import java.util.List;

/** Writes spans by the semantic conventions of what was asked. Not thread-safe. */
public final class SpanWriter {
  /** The kernel's smoothed round-trip time of the connection, in microseconds. */
  public static final String ROUND_TRIP = "troth.tcp.rtt_us";

  private static final int MOST_METHODS = 300;
  private static final int MOST_STATEMENTS = 300;
  private static final int MOST_DESTINATIONS = 300;
  private static final int MOST_LOOKUPS = 300;

  private final CapturedHeaders captured;
  private final HttpAttributes http;
  private final RpcAttributes rpc;
  private final DatabaseAttributes database;
  private final MessagingAttributes messaging;
  private final DnsAttributes dns;

  /** Those of the span that is being written; it copies them. */
  private final List<Attribute> attributes = new ArrayList<>(16);

  /**
   * @param oldNames whether values of HTTP are told under their former names, too
   */
  public SpanWriter(Routes routes, CapturedHeaders captured, boolean oldNames) {
    this.captured = captured;
    this.http = new HttpAttributes(routes, captured, oldNames);
    this.rpc = new RpcAttributes(new Names(MOST_METHODS), captured);
    this.database = new DatabaseAttributes(new Names(MOST_STATEMENTS));
    this.messaging = new MessagingAttributes(new Names(MOST_DESTINATIONS));
    this.dns = new DnsAttributes(new Names(MOST_LOOKUPS));
  }

  CapturedHeaders captured() {
    return captured;
  }

  /**
   * The span of an operation that has its place.
   *
   * @param epochOffset what to add to monotonic nanoseconds to get nanoseconds since 1970
   */
  public Span write(Operation operation, long epochOffset) {
    Exchange exchange = operation.exchange();
    attributes.clear();
    Written written =
        switch (exchange.facts()) {
          case Facts.Http facts -> http.write(attributes, operation, facts);
          case Facts.Rpc facts -> rpc.write(attributes, operation, facts);
          case Facts.Database facts -> database.write(attributes, operation, facts);
          case Facts.Messaging facts -> messaging.write(attributes, operation, facts);
          case Facts.Dns facts -> dns.write(attributes, operation, facts);
        };
    int roundTrip = operation.connection().roundTrip();
    if (roundTrip > 0) {
      attributes.add(Attribute.of(ROUND_TRIP, roundTrip));
    }
    return new Span(
        operation.connection().target(),
        exchange.role(),
        operation.traceHigh(),
        operation.traceLow(),
        operation.id(),
        operation.parent(),
        written.name(),
        exchange.start() + epochOffset,
        Math.max(exchange.start(), exchange.end()) + epochOffset,
        written.failed(),
        attributes,
        written.labels());
  }
}
