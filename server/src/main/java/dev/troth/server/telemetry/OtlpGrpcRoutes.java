package dev.troth.server.telemetry;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcRouting;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.util.function.Function;

/**
 * OTLP over gRPC. Without room the answer is {@code RESOURCE_EXHAUSTED} with {@code RetryInfo},
 * which senders take as "later" (OTLP 1.10, "OTLP/gRPC Throttling").
 */
public final class OtlpGrpcRoutes {
  private final Intake intake;
  private final Forwarder forwarder;
  private final int longest;

  /** Services; {@code longest} bounds a message, in bytes. */
  public OtlpGrpcRoutes(Intake intake, Forwarder forwarder, int longest) {
    this.intake = intake;
    this.forwarder = forwarder;
    this.longest = longest(longest);
  }

  /** The longest message over gRPC where bodies may have this length; gRPC's own usual limit. */
  public static int longest(int bodyBytes) {
    return Math.min(bodyBytes, 4 << 20);
  }

  /** Whether a service, by its full name, is one of these three. */
  public static boolean isOtlp(String service) {
    return service.startsWith("opentelemetry.proto.collector.");
  }

  /** Adds the three services to a listener, and whatever else it is to answer over gRPC. */
  public void addTo(
      WebServerConfig.Builder builder, ServerInterceptor guard, BindableService... others) {
    GrpcRouting.Builder routing = GrpcRouting.builder().intercept(guard);
    for (BindableService other : others) {
      routing.service(other);
    }
    for (BindableService service :
        new BindableService[] {new Traces(), new MetricPoints(), new Logs()}) {
      routing.service(service);
    }
    builder.addProtocol(GrpcConfig.builder().maxReadBufferSize(longest).build());
    builder.addRouting(routing);
  }

  private <M extends Message, R> void receive(
      M message, Batch batch, Function<Batch.Rejected, R> answer, StreamObserver<R> observer) {
    switch (intake.offer(batch)) {
      case STORED -> {
        forwarder.offer(message);
        observer.onNext(answer.apply(batch.rejected()));
        observer.onCompleted();
      }
      case FULL -> observer.onError(later(Code.RESOURCE_EXHAUSTED, "the intake is full"));
      case FAILED -> observer.onError(later(Code.UNAVAILABLE, "it could not be stored"));
    }
  }

  /** An error with a hint when to come again, where gRPC's clients look for it. */
  private static StatusRuntimeException later(Code code, String why) {
    RetryInfo retry =
        RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(2)).build();
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(why + ": send again in 2 s")
            .addDetails(Any.pack(retry))
            .build());
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
      receive(request, Decoder.traces(request), PartialSuccess::ofTraces, observer);
    }
  }

  private final class MetricPoints extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request,
        StreamObserver<ExportMetricsServiceResponse> observer) {
      receive(request, Decoder.metrics(request), PartialSuccess::ofMetrics, observer);
    }
  }

  private final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> observer) {
      receive(request, Decoder.logs(request), PartialSuccess::ofLogs, observer);
    }
  }
}
