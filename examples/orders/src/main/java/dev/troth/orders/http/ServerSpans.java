package dev.troth.orders.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's span of each request, after the semantic conventions for HTTP 1.45.
 *
 * <p>With telemetry off no span is recorded, but the caller's {@code traceparent} is still taken up
 * and handed on with every call made for the request.
 */
final class ServerSpans {
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  ServerSpans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("dev.troth.orders");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  Span start(HttpExchange exchange, Optional<String> route) {
    String path = exchange.getRequestURI().getRawPath();
    if (path.startsWith("/-/")) {
      return Span.getInvalid(); // health and faults are not the service's work
    }
    String method = exchange.getRequestMethod();
    var builder =
        tracer
            .spanBuilder(route.map(template -> method + " " + template).orElse("HTTP"))
            .setSpanKind(SpanKind.SERVER)
            .setParent(
                propagator.extract(Context.root(), exchange.getRequestHeaders(), Getter.HEADERS))
            .setAttribute("http.request.method", method)
            .setAttribute("url.scheme", "http")
            .setAttribute("url.path", path)
            .setAttribute("server.address", exchange.getLocalAddress().getHostString())
            .setAttribute("server.port", exchange.getLocalAddress().getPort());
    route.ifPresent(template -> builder.setAttribute("http.route", template));
    return builder.startSpan();
  }

  void answered(Span span, int status) {
    span.setAttribute("http.response.status_code", status);
    if (status >= 500) {
      span.setAttribute("error.type", Integer.toString(status));
      span.setStatus(StatusCode.ERROR);
    }
  }

  private enum Getter implements TextMapGetter<Headers> {
    HEADERS;

    @Override
    public Iterable<String> keys(Headers headers) {
      return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Headers headers, String key) {
      return headers == null ? null : headers.getFirst(key);
    }
  }
}
