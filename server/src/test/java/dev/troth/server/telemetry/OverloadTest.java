package dev.troth.server.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.http2.Frame;
import dev.troth.observe.http2.HpackDecoder;
import dev.troth.observe.http2.HpackEncoder;
import dev.troth.observe.otlp.GrpcTransport;
import dev.troth.observe.otlp.Reply;
import dev.troth.observe.otlp.Signal;
import dev.troth.server.auth.Identification;
import dev.troth.server.auth.Verdict;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.db.Database;
import dev.troth.server.guard.GrpcGuard;
import dev.troth.server.http.Listener;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An intake without room, as senders see it. */
final class OverloadTest {
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);
  private static final Limits LIMITS =
      new Limits(1 << 20, 64, 64, Duration.ofSeconds(30), Duration.ofSeconds(1));

  @TempDir Path folder;

  private final AtomicInteger refusals = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger stored = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private Database database;

  @SuppressWarnings("NullAway.Init")
  private Intake intake;

  @SuppressWarnings("NullAway.Init")
  private Listener http;

  @SuppressWarnings("NullAway.Init")
  private Listener grpc;

  /** Has no room as often as the test wants. */
  private final class Crowded implements Stage {
    @Override
    public void take(Handle handle, List<Batch> batches, Instant now) {
      batches.forEach(batch -> stored.addAndGet(batch.size()));
    }

    @Override
    public void committed() {}

    @Override
    public void failed(Instant now) {}

    @Override
    public boolean pending(Instant now) {
      return false;
    }

    @Override
    public boolean hasRoom() {
      return refusals.getAndDecrement() <= 0;
    }
  }

  @BeforeEach
  void open() {
    database = new Database(folder.resolve("troth.db"), 1);
    database.start();
    intake = new Intake(database, Clock.systemUTC(), Intake.Limits.DEFAULT, List.of(new Crowded()));
    intake.start();
    Forwarder forwarder = new Forwarder(List.of());
    http =
        new Listener(
            "otlp-http", ANY, LIMITS, List.of(), List.of(new OtlpRoutes(intake, forwarder, 1000)));
    http.start();
    OtlpGrpcRoutes services = new OtlpGrpcRoutes(intake, forwarder, 1000);
    GrpcGuard open =
        new GrpcGuard(
            new Identification(token -> new Verdict.Refused("none"), true), any -> false, 8);
    grpc =
        new Listener(
            "otlp-grpc",
            ANY,
            LIMITS,
            List.of(),
            List.of(),
            builder -> services.addTo(builder, open));
    grpc.start();
  }

  @AfterEach
  void close() {
    http.stop();
    grpc.stop();
    intake.stop();
    database.stop();
  }

  private String address(Listener listener) {
    return "http://127.0.0.1:" + listener.port();
  }

  private static byte[] span() {
    io.opentelemetry.proto.trace.v1.Span span =
        io.opentelemetry.proto.trace.v1.Span.newBuilder()
            .setTraceId(ByteString.fromHex("5b8efff798038103d269b633813fc60c"))
            .setSpanId(ByteString.fromHex("eee19b7ec3c1b174"))
            .setStartTimeUnixNano(1)
            .setEndTimeUnixNano(2)
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  @Test
  void overHttpItIs429WithATimeToComeAgain() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address(http) + "/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(span()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("2");
      assertThat(answer.body()).contains("the intake is full: send again in 2 s");
    }
    assertThat(intake.refused()).isEqualTo(1);
    assertThat(stored).hasValue(0);
  }

  @Test
  void overGrpcItIsResourceExhausted() {
    try (var transport = new GrpcTransport(URI.create(address(grpc)), Map.of())) {
      Reply reply = transport.send(Signal.TRACES, span());
      assertThat(reply).isInstanceOf(Reply.Later.class);
      assertThat(((Reply.Later) reply).reason())
          .contains("gRPC status " + Code.RESOURCE_EXHAUSTED.getNumber())
          .contains("the intake is full");
    }
    assertThat(intake.refused()).isEqualTo(1);
  }

  @Test
  void theGrpcErrorCarriesTheTimeWhereClientsLookForIt() throws Exception {
    byte[] details = Base64.getDecoder().decode(trailer("grpc-status-details-bin"));
    Status status = Status.parseFrom(details);
    assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED.getNumber());
    assertThat(status.getDetails(0).unpack(RetryInfo.class).getRetryDelay().getSeconds())
        .isEqualTo(2);
  }

  /** A header of the answer to one call, read from the frames. */
  private String trailer(String name) throws IOException {
    byte[] message = span();
    byte[] framed =
        ByteBuffer.allocate(5 + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    List<Header> headers =
        List.of(
            new Header(":method", "POST"),
            new Header(":scheme", "http"),
            new Header(":path", Signal.TRACES.method()),
            new Header(":authority", "localhost"),
            new Header("te", "trailers"),
            new Header("content-type", "application/grpc"));
    HpackDecoder decoder = new HpackDecoder(4_096);
    try (Socket socket = new Socket("127.0.0.1", grpc.port())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      new Frame(Frame.SETTINGS, 0, 0, new byte[0]).writeTo(out);
      new Frame(Frame.HEADERS, Frame.END_HEADERS, 1, HpackEncoder.encode(headers)).writeTo(out);
      new Frame(Frame.DATA, Frame.END_STREAM, 1, framed).writeTo(out);
      while (true) {
        Frame frame = Frame.read(socket.getInputStream(), 16_384);
        if (frame.type() == Frame.HEADERS) {
          for (Header header : decoder.decode(frame.headerBlock())) {
            if (header.name().equals(name)) {
              return header.value();
            }
          }
          assertThat(frame.has(Frame.END_STREAM)).as("the last headers have %s", name).isFalse();
        }
      }
    }
  }

  @Test
  void theSdkComesAgainAndNothingIsLost() {
    assertComesAgain(
        OtlpHttpSpanExporter.builder().setEndpoint(address(http) + "/v1/traces").build());
    assertComesAgain(OtlpGrpcSpanExporter.builder().setEndpoint(address(grpc)).build());
  }

  private void assertComesAgain(SpanExporter exporter) {
    stored.set(0);
    refusals.set(1);
    try (var tracers =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Span span = tracers.get("test").spanBuilder("GET /tea").startSpan();
      span.end();
      tracers.forceFlush().join(30, TimeUnit.SECONDS);
    }
    assertThat(refusals.get()).as("refused once").isLessThan(1);
    assertThat(stored).hasValue(1);
  }
}
