package dev.troth.observe.otlp;

/** What is exported, with its place in both transports. */
public enum Signal {
  TRACES("/v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"),
  METRICS("/v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"),
  LOGS("/v1/logs", "/opentelemetry.proto.collector.logs.v1.LogsService/Export");

  private final String path;
  private final String method;

  Signal(String path, String method) {
    this.path = path;
    this.method = method;
  }

  /** The path that is added to an HTTP endpoint. */
  public String path() {
    return path;
  }

  /** The full name of the gRPC method. */
  public String method() {
    return method;
  }
}
