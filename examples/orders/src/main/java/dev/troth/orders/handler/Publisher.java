package dev.troth.orders.handler;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Caller.Call;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Reply;
import dev.troth.orders.order.Order;
import dev.troth.orders.order.OrderPlaced;
import dev.troth.orders.order.OrderPlacedContract;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes {@code order_placed} to the bus, the platform's {@code POST /api/events}.
 *
 * <p>A bus can fail in two ways: it refuses (no connection, 4xx, 5xx), or it answers 207 and says
 * in {@code Troth-Failed-Entries} how many of the events it did not take.
 */
final class Publisher {
  private static final Logger LOG = System.getLogger("publisher");
  private static final String FAILED_ENTRIES = "Troth-Failed-Entries";

  private final Caller bus;
  private final Optional<String> token;
  private final Faults faults;
  private final Map<String, URI> brokenBuses;
  private final OrderPlacedContract contract;

  Publisher(
      Caller bus,
      Optional<String> token,
      Faults faults,
      Map<String, URI> brokenBuses,
      OrderPlacedContract contract) {
    this.bus = bus;
    this.token = token;
    this.faults = faults;
    this.brokenBuses = Map.copyOf(brokenBuses);
    this.contract = contract;
  }

  /** Whether the event is out. A failure is logged and marks the call's span, nothing more. */
  boolean publish(Order order, @Nullable String caller) throws InterruptedException {
    Optional<String> spoiled = faults.strike(Fault.BAD_PAYLOAD);
    JsonNode data = spoiled.isPresent() ? spoil(Json.tree(order)) : Json.tree(order);
    OrderPlaced event =
        OrderPlaced.of(
            order, data, contract.version(), new OrderPlaced.Origin(caller, traceparent()));
    if (!spoiled.equals(Optional.of("slipped")) && !keepsContract(event)) {
      return false;
    }
    Caller to = faults.strike(Fault.PUBLISH).map(brokenBuses::get).map(bus::at).orElse(bus);
    Call post =
        Call.post("/api/events", Json.bytes(event))
            .with("Content-Type", "application/cloudevents+json");
    Call call = token.map(value -> post.with("Authorization", "Bearer " + value)).orElse(post);
    try {
      Reply reply = Retry.once(resends -> to.call(call, resends, Publisher::mark));
      if (reply.status() < 300 && failedEntries(reply) == 0) {
        return true;
      }
      LOG.log(Level.WARNING, "{0} not published: {1}", event.id(), reason(reply));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} not published: {1}", event.id(), e.getMessage());
    }
    return false;
  }

  private boolean keepsContract(OrderPlaced event) {
    Optional<String> breach = contract.breach(Json.bytes(event.data()));
    breach.ifPresent(what -> {
      LOG.log(Level.WARNING, "{0} not published: it breaks its contract: {1}", event.id(), what);
      Span.current().addEvent("contract.broken", Attributes.of(stringKey("contract.breach"), what));
    });
    return breach.isEmpty();
  }

  /** The amount as a text and nobody who ordered: what a careless release may well send. */
  private static JsonNode spoil(ObjectNode data) {
    data.put(
        "amountCents",
        data.path("amountCents").asLong() / 100 + " " + data.path("currency").asString());
    data.remove("customer");
    return data;
  }

  private static String reason(Reply reply) {
    return reply.status() == 207
        ? "the bus answered 207, failed entries: " + failedEntries(reply)
        : "the bus answered " + reply.status();
  }

  private static void mark(Span span, Reply reply) {
    int failed = failedEntries(reply);
    span.setAttribute("troth.failed_entries", failed);
    if (failed > 0) {
      span.setAttribute("error.type", "failed_entries");
      span.setStatus(StatusCode.ERROR, failed + " of 1 event not taken");
    }
  }

  private static int failedEntries(Reply reply) {
    String failed = reply.headers().get(FAILED_ENTRIES);
    return failed == null || !failed.matches("\\d{1,6}") ? 0 : Integer.parseInt(failed);
  }

  private static @Nullable String traceparent() {
    SpanContext context = Span.current().getSpanContext();
    return context.isValid()
        ? "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        : null;
  }
}
