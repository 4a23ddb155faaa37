package dev.troth.server.telemetry;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

/**
 * The answers of the three services. On the wire they are the same: the count is field 1 and the
 * message field 2 of the one member that all three have.
 */
final class PartialSuccess {
  private PartialSuccess() {}

  static ExportTraceServiceResponse ofTraces(Batch.Rejected rejected) {
    var response = ExportTraceServiceResponse.newBuilder();
    if (rejected.count() > 0) {
      response.setPartialSuccess(
          ExportTracePartialSuccess.newBuilder()
              .setRejectedSpans(rejected.count())
              .setErrorMessage(rejected.reason()));
    }
    return response.build();
  }

  static ExportMetricsServiceResponse ofMetrics(Batch.Rejected rejected) {
    var response = ExportMetricsServiceResponse.newBuilder();
    if (rejected.count() > 0) {
      response.setPartialSuccess(
          ExportMetricsPartialSuccess.newBuilder()
              .setRejectedDataPoints(rejected.count())
              .setErrorMessage(rejected.reason()));
    }
    return response.build();
  }

  static ExportLogsServiceResponse ofLogs(Batch.Rejected rejected) {
    var response = ExportLogsServiceResponse.newBuilder();
    if (rejected.count() > 0) {
      response.setPartialSuccess(
          ExportLogsPartialSuccess.newBuilder()
              .setRejectedLogRecords(rejected.count())
              .setErrorMessage(rejected.reason()));
    }
    return response.build();
  }
}
