package dev.troth.observe.discovery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of pods, which control groups do not tell: the kubelet names the folders of logs on its
 * node after them, a process may be told by its own environment, and its namespace stands beside
 * the account that it is given. Names that may be others, such as that of the host, are not
 * believed. Reads each place once; not thread-safe.
 */
final class Pods {
  private final ProcessTable table;

  /** By the number of the pod: namespace and name. */
  private @Nullable Map<String, String[]> pods;

  /** By the number of the container: its name. */
  private @Nullable Map<String, String> containers;

  Pods(ProcessTable table) {
    this.table = table;
  }

  PodNames of(int process, Container container) {
    if (container.pod().isEmpty()) {
      return PodNames.NONE;
    }
    Optional<String[]> pod = container.pod().map(pods()::get);
    Map<String, String> own =
        table
            .environment(process, "OTEL_RESOURCE_ATTRIBUTES")
            .map(ResourceText::parse)
            .orElse(Map.of());
    return new PodNames(
        pod.map(names -> names[0])
            .or(() -> Optional.ofNullable(own.get("k8s.namespace.name")))
            .or(() -> table.accountNamespace(process)),
        pod.map(names -> names[1]).or(() -> Optional.ofNullable(own.get("k8s.pod.name"))),
        container
            .id()
            .map(containers()::get)
            .or(() -> Optional.ofNullable(own.get("k8s.container.name"))));
  }

  /** Folders are named {@code namespace_name_number}. */
  private Map<String, String[]> pods() {
    Map<String, String[]> known = pods;
    if (known == null) {
      known = new HashMap<>();
      for (String folder : table.podLogs()) {
        String[] parts = folder.split("_", -1);
        if (parts.length == 3) {
          known.put(parts[2], parts);
        }
      }
      pods = known;
    }
    return known;
  }

  /** Files are named {@code pod_namespace_container-number.log}. */
  private Map<String, String> containers() {
    Map<String, String> known = containers;
    if (known == null) {
      known = new HashMap<>();
      List<String> files = table.containerLogs();
      for (String file : files) {
        int dash = file.lastIndexOf('-');
        int name = file.lastIndexOf('_', Math.max(dash, 0));
        if (name > 0 && file.endsWith(".log")) {
          known.put(file.substring(dash + 1, file.length() - 4), file.substring(name + 1, dash));
        }
      }
      containers = known;
    }
    return known;
  }
}
