package dev.troth.cli.observe;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.json.Json;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import dev.troth.observe.config.ConfigException;
import dev.troth.observe.config.ConfigReader;
import dev.troth.observe.config.NetworkInterfaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code observe run} can be told: a file, and flags that override it key by key. */
final class ObserveOptions {
  @Option(
      names = "--port",
      paramLabel = "PORTS",
      description = "Processes that listen on one of these: 3000 or 80,8000-8999.")
  private List<String> ports = List.of();

  @Option(names = "--pid", paramLabel = "N", description = "The process of this number.")
  private List<Integer> processes = List.of();

  @Option(
      names = "--exe",
      paramLabel = "GLOB",
      description = "Processes whose executable's path fits: '*/node'.")
  private List<String> executables = List.of();

  @Option(
      names = "--cgroup",
      paramLabel = "GLOB",
      description =
          "Processes of a control group whose path fits, as of a container: '*/system.slice/*'.")
  private List<String> cgroups = List.of();

  @Option(
      names = "--all",
      description = "Every process of the machine but the agent; not with the options before.")
  private boolean all;

  @Option(names = "--config", paramLabel = "FILE", description = "A configuration in YAML.")
  private @Nullable Path file;

  @Option(
      names = "--otlp",
      paramLabel = "URL",
      description = "Sends spans there; port 4317 means gRPC, others HTTP.")
  private @Nullable String otlp;

  @Option(names = "--name", paramLabel = "NAME", description = "The service name of the targets.")
  private @Nullable String name;

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = "The share of traces to report, 0 to 1.")
  private @Nullable Double sample;

  @Option(names = "--print", description = "Prints spans, also when they are exported.")
  private boolean print;

  @Option(
      names = "--prometheus",
      paramLabel = "PORT",
      description = "Serves metrics as text on this loopback port.")
  private @Nullable Integer prometheus;

  @Option(
      names = "--max-cpu",
      paramLabel = "PERCENT",
      description =
          "The most of one processor that the agent may use, 1 to 100 (default: no limit).")
  private @Nullable Integer cpu;

  @Option(
      names = "--propagate",
      description =
          "Writes traceparent into requests of HTTP/1.1 that the targets send without one, on"
              + " connections opened from now on.")
  private boolean propagates;

  @Option(
      names = "--logs",
      description =
          "Sends the lines that the targets write, with the ids of their request where these are"
              + " certain; each write of a target costs it some microseconds.")
  private boolean logs;

  /** The file's keys, with those of the flags instead of its own. */
  SourceFile data() {
    SourceFile written = fromFile();
    Map<String, Json> data = new LinkedHashMap<>();
    if (written.json() instanceof Json.Obj object) {
      data.putAll(object.members());
    }
    List<Json> instrument = new ArrayList<>();
    ports.forEach(text -> instrument.add(target("open_ports", text)));
    processes.forEach(process -> instrument.add(target("pid", process)));
    executables.forEach(glob -> instrument.add(target("exe_path", glob)));
    cgroups.forEach(glob -> instrument.add(target("cgroup_path", glob)));
    if (all) {
      if (!instrument.isEmpty()) {
        throw CommandException.usage(
            "--all names every process: leave out --port, --pid, --exe and --cgroup");
      }
      instrument.add(target("exe_path", "*"));
    }
    if (!instrument.isEmpty()) {
      put(data, "discovery.instrument", new Json.Arr(instrument));
    }
    put(data, "otlp.endpoint", text(otlp));
    put(data, "service.name", text(name));
    put(data, "sampling.probability", text(sample));
    put(data, "prometheus_export.port", text(prometheus));
    put(data, "limits.max_cpu_percent", text(cpu));
    put(data, "propagate", text(propagates ? true : null));
    put(data, "logs.enabled", text(logs ? true : null));
    put(data, "trace_printer", text(print ? "text" : null));
    return written.with(new Json.Obj(data));
  }

  private static Json target(String key, Object value) {
    return new Json.Obj(Map.of(key, new Json.Str(value.toString())));
  }

  private static @Nullable Json text(@Nullable Object value) {
    return value == null ? null : new Json.Str(value.toString());
  }

  /** The configuration that the file, the flags and the environment make together. */
  ConfigReader.Reading read() {
    try {
      return ConfigReader.read(
          data(), environment(System.getenv()), NetworkInterfaces.OF_THIS_MACHINE);
    } catch (ConfigException wrong) {
      throw CommandException.usage(String.join(System.lineSeparator(), wrong.problems()));
    }
  }

  /** The variables that count: what a flag says is not overridden by one. */
  Map<String, String> environment(Map<String, String> variables) {
    Map<String, String> counting = new LinkedHashMap<>(variables);
    if (otlp != null) {
      counting.remove("OTEL_EXPORTER_OTLP_ENDPOINT");
      counting.remove("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    }
    if (name != null) {
      counting.remove("OTEL_SERVICE_NAME");
    }
    if (sample != null) {
      counting.remove("OTEL_TRACES_SAMPLER");
    }
    return counting;
  }

  /** Sets a key of two words at most, in whichever way the file has it. */
  private static void put(Map<String, Json> data, String key, @Nullable Json value) {
    if (value == null) {
      return;
    }
    int dot = key.indexOf('.');
    if (dot > 0 && data.get(key.substring(0, dot)) instanceof Json.Obj outer) {
      Map<String, Json> rest = new LinkedHashMap<>(outer.members());
      rest.remove(key.substring(dot + 1));
      data.put(key.substring(0, dot), new Json.Obj(rest));
    }
    data.put(key, value);
  }

  private SourceFile fromFile() {
    Path path = file;
    if (path == null) {
      return new SourceFile("", Json.Null.NULL, Map.of());
    }
    byte[] bytes = InputFile.bytes(path);
    SourceFile.Documents documents =
        SourceFile.documents(path.toString(), bytes, YamlLimits.DEFAULT);
    for (SourceFile.SyntaxException wrong : documents.wrong()) {
      throw CommandException.usage(wrong.place() + " is not YAML: " + wrong.reason());
    }
    return switch (documents.read().size()) {
      case 0 -> new SourceFile(path.toString(), Json.Null.NULL, Map.of());
      case 1 -> {
        SourceFile document = documents.read().getFirst();
        if (!(document.json() instanceof Json.Obj) && document.json() != Json.Null.NULL) {
          throw CommandException.usage(path + ": expected keys and values at the top");
        }
        yield document;
      }
      default -> throw CommandException.usage(path + ": expected one document, found several");
    };
  }
}
