package dev.troth.observe.http;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import java.util.List;

/** A request whose response has not come. */
record Asked(Exchange exchange, Facts.Http facts) {
  static Asked of(Role role, Head.Request head, Place place) {
    Facts.Http facts =
        new Facts.Http(head.method(), head.target(), head.version(), head.headers(), List.of(), 0);
    return new Asked(new Exchange(role, place, facts, facts.first("traceparent")), facts);
  }

  String method() {
    return facts.method();
  }

  /** How far the direction of the responses had come when the request passed. */
  int after() {
    return exchange.after();
  }
}
