package dev.troth.orders.handler;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Caller.Call;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Reply;
import dev.troth.orders.order.Order;
import dev.troth.orders.order.OrderPlaced;
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

  Publisher(Caller bus, Optional<String> token, Faults faults, Map<String, URI> brokenBuses) {
    this.bus = bus;
    this.token = token;
    this.faults = faults;
    this.brokenBuses = Map.copyOf(brokenBuses);
  }

  /** Whether the event is out. A failure is logged and marks the call's span, nothing more. */
  boolean publish(Order order) throws InterruptedException {
    OrderPlaced event = OrderPlaced.of(order, order, traceparent());
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
