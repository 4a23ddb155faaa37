package dev.troth.cli.platform;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration of the OpenTelemetry Collector, as settings of a platform that stands in its
 * place: where it receives OTLP, and to whom it passes everything on. What would change or choose
 * telemetry on the way is refused by name, since the platform does not; what merely tunes the
 * collector is noted.
 */
final class CollectorFile {
  /** They change how a collector works, not what it passes on. */
  private static final Set<String> TUNING = Set.of("batch", "memory_limiter");

  /** They show telemetry, which the platform does by itself, or throw it away. */
  private static final Set<String> SHOWING = Set.of("debug", "logging", "nop");

  /** They say how fast and in what pieces a listener works, not who may send what. */
  private static final Set<String> LISTENING =
      Set.of(
          "transport",
          "max_recv_msg_size_mib",
          "max_concurrent_streams",
          "read_buffer_size",
          "write_buffer_size",
          "keepalive",
          "max_request_body_size",
          "include_metadata",
          "compression_algorithms",
          "read_timeout",
          "read_header_timeout",
          "write_timeout",
          "idle_timeout");

  /** They say how fast and in what pieces an exporter works, not where it sends what. */
  private static final Set<String> SENDING =
      Set.of(
          "sending_queue",
          "retry_on_failure",
          "timeout",
          "compression",
          "compression_params",
          "encoding",
          "read_buffer_size",
          "write_buffer_size",
          "keepalive",
          "wait_for_ready",
          "balancer_name",
          "batcher",
          "max_idle_conns",
          "max_idle_conns_per_host",
          "max_conns_per_host",
          "idle_conn_timeout",
          "disable_keep_alives",
          "http2_read_idle_timeout",
          "http2_ping_timeout");

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final Section root;

  private CollectorFile(Section root) {
    this.root = root;
  }

  /**
   * What a file comes to.
   *
   * @param settings values of the platform's keys
   * @param notes what has no effect here, one sentence each
   */
  record Reading(Map<String, String> settings, List<String> notes) {
    Reading {
      settings = Map.copyOf(settings);
      notes = List.copyOf(notes);
    }
  }

  /** Reads a file; all that is wrong with it ends the command. */
  static Reading read(Path file) {
    SourceFile source;
    try {
      source = SourceFile.read(file.toString(), InputFile.bytes(file));
    } catch (SourceFile.SyntaxException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
    CollectorFile collector = new CollectorFile(Section.of(source));
    try {
      collector.read();
    } catch (Section.WrongException wrong) {
      collector.problems.add(said(wrong));
    }
    if (!collector.problems.isEmpty()) {
      throw CommandException.usage(String.join("\n", collector.problems));
    }
    return new Reading(collector.settings, List.copyOf(collector.notes));
  }

  private static String said(Section.WrongException wrong) {
    return wrong.place() + ": " + wrong.reason();
  }

  private void read() {
    root.only("receivers", "exporters", "processors", "extensions", "connectors", "service");
    Section service = root.need("service");
    service.only("pipelines", "extensions", "telemetry");
    Section pipelines = service.need("pipelines");
    Set<String> receivers = new LinkedHashSet<>();
    Set<String> exporters = new LinkedHashSet<>();
    for (String signal : pipelines.keys()) {
      Section pipeline = pipelines.need(signal);
      pipeline.only("receivers", "processors", "exporters");
      if (!Set.of("traces", "metrics", "logs").contains(type(signal))) {
        problems.add(said(pipeline.wrong("a pipeline of traces, metrics or logs")));
      }
      take(pipeline, "receivers", receivers);
      take(pipeline, "exporters", exporters);
      pipeline.list("processors").forEach(this::processor);
    }
    if (receivers.isEmpty()) {
      problems.add(said(pipelines.wrong("a pipeline with a receiver")));
    }
    settings.put("otlp.http", "off");
    settings.put("otlp.grpc", "off");
    receivers.forEach(name -> each(() -> receiver(name)));
    List<String> forward = new ArrayList<>();
    exporters.forEach(name -> each(() -> exporter(name).ifPresent(forward::add)));
    if (!forward.isEmpty()) {
      settings.put("otlp.forward", String.join(",", forward));
      notes.add("every signal is received and passed on to each receiver, whatever its pipeline");
    }
    root.get("extensions")
        .ifPresent(all ->
            notes.add("extensions have no effect: /-/ready and /metrics tell how the platform is"));
    service
        .get("telemetry")
        .ifPresent(
            own -> notes.add("service.telemetry has no effect: /metrics is the platform's own"));
  }

  /** What is wrong with one part hides no fault of the next. */
  private void each(Runnable part) {
    try {
      part.run();
    } catch (Section.WrongException wrong) {
      problems.add(said(wrong));
    }
  }

  /** Notes what merely tunes a part, and refuses all else that was not read. */
  private void rest(Section part, Set<String> tuning, String expected) {
    for (String other : part.unread()) {
      if (tuning.contains(other)) {
        notes.add("%s.%s has no effect".formatted(part.path(), other));
      } else {
        part.get(other).ifPresent(unknown -> problems.add(said(unknown.wrong(expected))));
      }
    }
  }

  private static String type(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  private void take(Section pipeline, String kind, Set<String> names) {
    for (Section one : pipeline.list(kind)) {
      if (root.get(kind).filter(all -> all.keys().contains(one.text())).isEmpty()) {
        problems.add(said(one.wrong("one of those under '" + kind + "'")));
      } else {
        names.add(one.text());
      }
    }
  }

  private void processor(Section one) {
    if (TUNING.contains(type(one.text()))) {
      notes.add(
          "the processor %s has no effect: the platform has bounds of its own"
              .formatted(one.text()));
    } else {
      problems.add(
          said(
              one.wrong(
                  "batch or memory_limiter: the platform passes on what it received, unchanged")));
    }
  }

  private void receiver(String name) {
    Section receivers = root.need("receivers");
    if (!type(name).equals("otlp")) {
      problems.add(said(receivers.wrong("otlp: the platform receives nothing as '" + name + "'")));
      return;
    }
    Section protocols = receivers.need(name).need("protocols");
    protocols.only("grpc", "http");
    for (String protocol : protocols.keys()) {
      listen("otlp." + protocol, protocols.get(protocol), protocol.equals("grpc") ? 4317 : 4318);
    }
  }

  /** Without an endpoint the protocol is received at its own port of loopback. */
  private void listen(String key, Optional<Section> protocol, int port) {
    String address = "127.0.0.1:" + port;
    if (protocol.isPresent()) {
      Section given = protocol.get();
      if (given.get("tls").isPresent()) {
        problems.add(said(given.need("tls").wrong("no tls: put a proxy before the platform")));
      }
      address = given.text("endpoint", address).replaceFirst("^localhost:", "127.0.0.1:");
      rest(
          given,
          LISTENING,
          "nothing here: the platform takes telemetry at the usual paths, from whom auth.mode lets in");
    }
    if (!settings.getOrDefault(key, "off").equals("off")) {
      Section where = protocol.orElse(root);
      problems.add("%s: %s is received twice, expected one address".formatted(where.place(), key));
    }
    settings.put(key, address);
  }

  private Optional<String> exporter(String name) {
    if (SHOWING.contains(type(name))) {
      notes.add("the exporter %s has no effect: the console shows traces and logs".formatted(name));
      return Optional.empty();
    }
    Section exporters = root.need("exporters");
    boolean grpc = type(name).equals("otlp");
    if (!grpc && !type(name).equals("otlphttp")) {
      problems.add(
          said(
              exporters.wrong(
                  "otlp, otlphttp or debug: the platform exports nothing as '" + name + "'")));
      return Optional.empty();
    }
    Section exporter = exporters.need(name);
    String endpoint = exporter.need("endpoint").text();
    boolean plain = false;
    if (exporter.get("tls").isPresent()) {
      Section tls = exporter.need("tls");
      plain = tls.flag("insecure");
      rest(
          tls,
          Set.of(),
          "nothing here: the platform trusts whom Java trusts, and shows no certificate");
    }
    if (exporter.get("headers").isPresent()) {
      problems.add(
          said(exporter.need("headers").wrong("no headers: everything is passed on as it is")));
    }
    rest(exporter, SENDING, "nothing here: every signal goes to the endpoint alone, as it is");
    try {
      return Optional.of(grpc ? grpc(exporter, endpoint, plain) : URI.create(endpoint).toString());
    } catch (IllegalArgumentException wrong) {
      problems.add(said(exporter.need("endpoint").wrong("an address such as collector:4317")));
      return Optional.empty();
    }
  }

  private static String grpc(Section exporter, String endpoint, boolean plain) {
    URI address = URI.create(endpoint.contains("://") ? endpoint : "grpc://" + endpoint);
    boolean http = Set.of("grpc", "http").contains(address.getScheme());
    if (!http || (!plain && !endpoint.startsWith("http://"))) {
      throw exporter.wrong(
          "tls: {insecure: true}: the platform speaks gRPC without TLS alone; otlphttp has it");
    }
    return "grpc://" + address.getRawAuthority();
  }
}
