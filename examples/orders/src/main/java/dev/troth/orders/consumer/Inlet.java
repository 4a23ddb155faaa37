package dev.troth.orders.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import dev.troth.orders.order.Order;
import dev.troth.orders.order.OrderPlaced;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Takes one event of the stream after the other and decides what becomes of it. */
final class Inlet {
  private static final Logger LOG = System.getLogger("inlet");

  private final SeenStore seen;
  private final InstantSource clock;
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  Inlet(SeenStore seen, InstantSource clock, OpenTelemetry telemetry) {
    this.seen = seen;
    this.clock = clock;
    this.tracer = telemetry.getTracer("dev.troth.orders");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  /** Keeps what the event says, or why it cannot be used; either way the place in the stream. */
  void take(SseReader.Event event) {
    switch (event.type()) {
      case "change" -> change(event);
      case "reset" -> {
        LOG.log(Level.WARNING, "the stream begins anew, some events may be missed");
        seen.moveTo(event.id());
      }
      default -> {
        // greetings and what concerns a person's inbox
      }
    }
  }

  private void change(SseReader.Event event) {
    JsonNode change;
    try {
      change = Json.read(event.data().getBytes(UTF_8));
    } catch (Problem e) {
      seen.bury(new DeadLetter(event.id(), "", event.data(), e.detail(), clock.instant()));
      return;
    }
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
    String subject = change.path("subject").asString("");
    byte[] data = Json.bytes(change.path("after"));
    try {
      Order order = Json.read(data, Order.class);
      String eventId = change.path("event").path("id").asString(OrderPlaced.idOf(order.orderId()));
      seen.keep(position, eventId, order, clock.instant());
    } catch (JacksonException | NullPointerException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      LOG.log(Level.WARNING, "{0} of {1} is a dead letter: {2}", OrderPlaced.TYPE, subject, reason);
      span.setAttribute("error.type", "contract");
      span.setStatus(StatusCode.ERROR, reason);
      String text = new String(data, UTF_8);
      seen.bury(new DeadLetter(position, subject, text, reason, clock.instant()));
    }
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
