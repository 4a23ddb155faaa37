package dev.troth.orders.http;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Calls one other service: {@code store.call(Call.put("/orders/{id}", id, body), 0)}.
 *
 * <p>Built on {@link HttpURLConnection} because it writes on the thread that calls; {@code
 * java.net.http} hands the write to its selector thread, and whoever watches the sockets could no
 * longer tell for which request a call was made.
 */
public final class Caller {
  /** Whose token opened the door: set by the api alone, percent-encoded. */
  public static final String SUBJECT = "troth-caller";

  private static final int CONNECT_MILLIS = 1_000;
  private static final int READ_MILLIS = 5_000;
  private static final int MAX_REPLY = 1024 * 1024;

  static {
    // Read by the JDK's client when it is first used: no POST is sent twice behind our back.
    System.setProperty("sun.net.http.retryPost", "false");
    System.setProperty("http.maxConnections", "64");
  }

  private final URI base;
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  public Caller(URI base, OpenTelemetry telemetry) {
    this.base = base;
    this.tracer = telemetry.getTracer("dev.troth.orders");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  /** One request to make. The template names the route: {@code /orders/{id}}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Call(
      String method, String template, String path, Map<String, String> headers, byte[] body) {
    public static Call get(String template, String value) {
      return new Call("GET", template, fill(template, value), Map.of(), new byte[0]);
    }

    public static Call put(String template, String value, byte[] json) {
      return new Call("PUT", template, fill(template, value), jsonHeaders(), json);
    }

    public static Call post(String path, byte[] json) {
      return new Call("POST", path, path, jsonHeaders(), json);
    }

    /** The same call with one header more. */
    public Call with(String name, String value) {
      Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      more.putAll(headers);
      more.put(name, value);
      return new Call(method, template, path, more, body);
    }

    private static Map<String, String> jsonHeaders() {
      return Map.of("Content-Type", "application/json");
    }

    private static String fill(String template, String value) {
      return template.replaceFirst("\\{[a-z]+}", Matcher.quoteReplacement(value));
    }
  }

  public URI base() {
    return base;
  }

  /** The same caller, of another place. */
  public Caller at(URI other) {
    return new Caller(other, tracer, propagator);
  }

  private Caller(URI base, Tracer tracer, TextMapPropagator propagator) {
    this.base = base;
    this.tracer = tracer;
    this.propagator = propagator;
  }

  /** The answer, whatever its status; attempts before this one count as {@code resends}. */
  public Reply call(Call call, int resends) throws IOException {
    return call(call, resends, (span, reply) -> {});
  }

  /** As {@link #call(Call, int)}, with a look at the answer that may mark the call's span. */
  public Reply call(Call call, int resends, BiConsumer<Span, Reply> look) throws IOException {
    var builder =
        tracer
            .spanBuilder(call.method() + " " + call.template())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("http.request.method", call.method())
            .setAttribute("url.full", base + call.path())
            .setAttribute("url.path", call.path())
            .setAttribute("url.template", call.template())
            .setAttribute("server.address", base.getHost())
            .setAttribute("server.port", base.getPort());
    if (resends > 0) {
      builder.setAttribute("http.request.resend_count", resends);
    }
    Span span = builder.startSpan();
    try (Scope _ = span.makeCurrent()) {
      Reply reply = exchange(call);
      span.setAttribute("http.response.status_code", reply.status());
      if (reply.status() >= 400) {
        span.setAttribute("error.type", Integer.toString(reply.status()));
        span.setStatus(StatusCode.ERROR);
      }
      look.accept(span, reply);
      return reply;
    } catch (IOException e) {
      span.setAttribute("error.type", e.getClass().getName());
      span.setStatus(StatusCode.ERROR, String.valueOf(e.getMessage()));
      throw e;
    } finally {
      span.end();
    }
  }

  private Reply exchange(Call call) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) base.resolve(call.path()).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestMethod(call.method());
    call.headers().forEach(connection::setRequestProperty);
    propagator.inject(Context.current(), connection, Caller::setHeader);
    if (call.body().length > 0) {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(call.body());
      }
    }
    int status = connection.getResponseCode();
    byte[] body = body(connection, status);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection
        .getHeaderFields()
        .forEach((name, values) -> {
          if (name != null) { // the status line
            headers.put(name, values.getFirst());
          }
        });
    String type = connection.getContentType();
    return new Reply(status, type == null ? "application/octet-stream" : type, body, headers);
  }

  /** Reads to the end, so that the connection can be kept for the next call. */
  private static byte[] body(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      return in == null ? new byte[0] : in.readNBytes(MAX_REPLY);
    }
  }

  private static void setHeader(@Nullable HttpURLConnection to, String name, String value) {
    if (to != null) {
      to.setRequestProperty(name, value);
    }
  }
}
