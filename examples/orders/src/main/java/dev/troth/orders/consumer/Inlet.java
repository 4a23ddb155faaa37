package dev.troth.orders.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import dev.troth.orders.order.Order;
import dev.troth.orders.order.OrderPlaced;
import dev.troth.orders.order.OrderPlacedContract;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Takes one event of the stream after the other and decides what becomes of it. */
final class Inlet {
  private static final Logger LOG = System.getLogger("inlet");

  private final SeenStore seen;
  private final OrderPlacedContract contract;
  private final InstantSource clock;
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  Inlet(
      SeenStore seen, OrderPlacedContract contract, InstantSource clock, OpenTelemetry telemetry) {
    this.seen = seen;
    this.contract = contract;
    this.clock = clock;
    this.tracer = telemetry.getTracer("dev.troth.orders");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  /**
   * Keeps what the event says, or why it cannot be used; either way the place in the stream.
   * Whether to read on: not when this is another stream than before, which is to be read from its
   * beginning.
   */
  boolean take(SseReader.Event event) {
    JsonNode data;
    try {
      data = Json.read(event.data().getBytes(UTF_8));
    } catch (Problem e) {
      seen.bury(new DeadLetter(event.id(), "", event.data(), e.detail(), clock.instant()));
      return true;
    }
    return switch (event.type()) {
      case "hello" -> isTheSame(data.path("epoch").asString(""));
      case "reset" -> {
        gap(event.id(), data.path("seq").asString("0"));
        yield true;
      }
      case "change" -> {
        change(event, data);
        yield true;
      }
      default -> true; // what concerns a person's inbox
    };
  }

  private boolean isTheSame(String epoch) {
    String known = seen.place().epoch();
    if (known.equals(epoch)) {
      return true;
    }
    seen.beginWith(epoch);
    return known.isEmpty();
  }

  /** The stream does not reach back to where we were: say so where dead letters are looked for. */
  private void gap(String position, String upTo) {
    String reason =
        "the stream could not be resumed after %s, changes up to %s were not seen"
            .formatted(seen.place().position(), upTo);
    LOG.log(Level.WARNING, reason);
    seen.bury(new DeadLetter(position, "order/*", "", reason, clock.instant()));
  }

  private void change(SseReader.Event event, JsonNode change) {
    if (!change.path("type").asString("").equals(OrderPlaced.TYPE)) {
      seen.moveTo(event.id());
      return;
    }
    Span span = process(change);
    try (Scope _ = span.makeCurrent()) {
      keep(event.id(), change, span);
    } finally {
      span.end();
    }
  }

  private void keep(String position, JsonNode change, Span span) {
    byte[] data = Json.bytes(change.path("after"));
    Optional<String> breach = contract.breach(data);
    if (breach.isPresent()) {
      bury(position, change, breach.get(), span);
      return;
    }
    try {
      Order order = Json.read(data, Order.class);
      String eventId = change.path("event").path("id").asString(OrderPlaced.idOf(order.orderId()));
      seen.keep(position, eventId, order, clock.instant());
    } catch (JacksonException e) { // no order after all, such as one whose sum is wrong
      bury(position, change, e.getOriginalMessage(), span);
    }
  }

  private void bury(String position, JsonNode change, String reason, Span span) {
    String subject = change.path("subject").asString("");
    LOG.log(Level.WARNING, "{0} of {1} is a dead letter: {2}", OrderPlaced.TYPE, subject, reason);
    span.setAttribute("error.type", "contract");
    span.setStatus(StatusCode.ERROR, reason);
    String data = change.path("after").toString();
    seen.bury(new DeadLetter(position, subject, data, reason, clock.instant()));
  }

  /** A span of its own trace that points to the request that published the event. */
  private Span process(JsonNode change) {
    Context publisher =
        propagator.extract(Context.root(), change.path("event"), EventFields.TRACE_CONTEXT);
    return tracer
        .spanBuilder("process " + OrderPlaced.TYPE)
        .setNoParent()
        .setSpanKind(SpanKind.CONSUMER)
        .addLink(Span.fromContext(publisher).getSpanContext())
        .setAttribute("messaging.system", "troth")
        .setAttribute("messaging.operation.type", "process")
        .setAttribute("messaging.operation.name", "process")
        .setAttribute("messaging.destination.name", OrderPlaced.TYPE)
        .startSpan();
  }

  private enum EventFields implements TextMapGetter<JsonNode> {
    TRACE_CONTEXT;

    @Override
    public Iterable<String> keys(JsonNode event) {
      return event.propertyNames();
    }

    @Override
    public @Nullable String get(@Nullable JsonNode event, String key) {
      return event == null ? null : event.path(key).asString(null);
    }
  }
}
