package dev.troth.cli.observe;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
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
      description = "The share of traces to tell of, 0 to 1.")
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
      description = "The most of one processor that the agent may use.")
  private @Nullable Integer cpu;

  /** The configuration as plain data. */
  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>(fromFile());
    List<Object> instrument = new ArrayList<>();
    ports.forEach(text -> instrument.add(Map.of("open_ports", text)));
    processes.forEach(process -> instrument.add(Map.of("pid", process)));
    executables.forEach(glob -> instrument.add(Map.of("exe_path", glob)));
    if (!instrument.isEmpty()) {
      data.remove("discovery.instrument");
      if (data.get("discovery") instanceof Map<?, ?> discovery) {
        Map<Object, Object> rest = new LinkedHashMap<>(discovery);
        rest.remove("instrument");
        data.put("discovery", rest);
      }
      data.put("discovery.instrument", instrument);
    }
    put(data, "otlp.endpoint", otlp);
    put(data, "service.name", name);
    put(data, "sampling.probability", sample);
    put(data, "prometheus_export.port", prometheus);
    put(data, "limits.max_cpu_percent", cpu);
    put(data, "trace_printer", print ? "text" : null);
    return data;
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

  private static void put(Map<String, Object> data, String key, @Nullable Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  private Map<String, Object> fromFile() {
    Path path = file;
    if (path == null) {
      return Map.of();
    }
    try {
      Object loaded =
          new Load(LoadSettings.builder().setLabel(path.toString()).build())
              .loadFromString(Files.readString(path));
      if (loaded == null) {
        return Map.of();
      }
      if (!(loaded instanceof Map<?, ?> map)) {
        throw CommandException.usage(path + ": expected keys and values at the top");
      }
      Map<String, Object> data = new LinkedHashMap<>();
      map.forEach((key, value) -> {
        if (value != null) {
          data.put(String.valueOf(key), value);
        }
      });
      return data;
    } catch (NoSuchFileException absent) {
      throw CommandException.usage(path + ": there is no such file");
    } catch (IOException unreadable) {
      throw CommandException.usage(path + ": cannot be read: " + unreadable.getMessage());
    } catch (YamlEngineException notYaml) {
      throw CommandException.usage(path + " is not YAML: " + notYaml.getMessage());
    }
  }
}
