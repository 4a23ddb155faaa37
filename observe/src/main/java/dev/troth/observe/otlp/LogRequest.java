package dev.troth.observe.otlp;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.log.LogLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an {@code ExportLogsServiceRequest} (opentelemetry-proto 1.10). */
final class LogRequest {
  private static final int SAMPLED = 1;

  private LogRequest() {}

  /** The message of these lines. */
  static byte[] of(List<Encoded> lines) {
    Map<Target, List<Encoded>> byTarget = new LinkedHashMap<>();
    for (Encoded line : lines) {
      byTarget.computeIfAbsent(line.target(), added -> new ArrayList<>()).add(line);
    }
    ProtoWriter out = new ProtoWriter();
    byTarget.forEach((target, ofTarget) -> {
      int resourceLogs = out.begin(1);
      Scope.resource(out, target);
      int scopeLogs = out.begin(2);
      Scope.scope(out);
      for (Encoded line : ofTarget) {
        out.bytes(2, line.bytes());
      }
      Scope.schema(out);
      out.end(scopeLogs);
      out.end(resourceLogs);
    });
    return out.toBytes();
  }

  /** One line as it lies in the message; the writer is emptied before. */
  static Encoded encode(ProtoWriter out, LogLine line) {
    out.clear();
    out.fixed64(1, line.time());
    int body = out.begin(5);
    out.text(1, line.text());
    out.end(body);
    if (!line.source().stream().isEmpty()) {
      Scope.text(out, 6, "log.iostream", line.source().stream());
    }
    if (!line.source().path().isEmpty()) {
      Scope.text(out, 6, "log.file.path", line.source().path());
    }
    if (line.cut()) {
      Scope.text(out, 6, "troth.log.cut", "true");
    }
    line.request()
        .ifPresent(request -> {
          out.fixed32(8, SAMPLED);
          out.id(9, request.traceHigh(), request.traceLow());
          out.id(10, request.span());
        });
    out.fixed64(11, line.time());
    return new Encoded(line.target(), out.toBytes());
  }
}
