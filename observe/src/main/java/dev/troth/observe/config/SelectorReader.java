package dev.troth.observe.config;

import dev.troth.json.file.Section;
import dev.troth.observe.discovery.Glob;
import dev.troth.observe.discovery.Placement;
import dev.troth.observe.discovery.Ports;
import dev.troth.observe.discovery.Selector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the entries of {@code discovery.instrument} and {@code exclude_instrument}. */
final class SelectorReader {
  /** What other agents select by, and what a machine alone does not tell. */
  private static final List<String> OF_THE_API_SERVER =
      List.of(
          "k8s_deployment_name",
          "k8s_replicaset_name",
          "k8s_daemonset_name",
          "k8s_statefulset_name",
          "k8s_job_name",
          "k8s_cronjob_name",
          "k8s_owner_name",
          "k8s_pod_labels",
          "k8s_pod_annotations");

  private static final String KNOWN_HERE =
      "k8s_namespace, k8s_pod_name, k8s_container_name or cgroup_path";

  private final List<String> problems;

  /**
   * @param problems where what is wrong is told
   */
  SelectorReader(List<String> problems) {
    this.problems = problems;
  }

  /** The selector, or empty if it names nothing. */
  Optional<Selector> read(Section section) {
    int before = problems.size();
    Optional<Ports> ports =
        section
            .read("open_ports", value -> value.parsed("ports", Ports::parse))
            .or(() -> section.read("open_port", value -> value.parsed("ports", Ports::parse)));
    Optional<Glob> executable =
        section
            .read("exe_path", value -> value.parsed("a pattern", Glob::new))
            .or(() ->
                section.read("executable_path", value -> value.parsed("a pattern", Glob::new)));
    Placement placement = placement(section);
    Optional<Integer> process = section.read("pid", Section::whole);
    Optional<String> name = section.read("name", Section::text);
    Optional<String> namespace = section.read("namespace", Section::text);
    section.onlyRead();
    if (ports.isEmpty()
        && executable.isEmpty()
        && process.isEmpty()
        && placement.equals(Placement.ANY)) {
      if (before == problems.size()) {
        problems.add(section.path() + " names nothing, expected one of " + Selector.NAMES);
      }
      return Optional.empty();
    }
    return Optional.of(
        new Selector(
            ports,
            process.isPresent() ? OptionalInt.of(process.get()) : OptionalInt.empty(),
            executable,
            placement,
            name,
            namespace,
            false));
  }

  private Placement placement(Section section) {
    for (String key : section.keys()) {
      if (OF_THE_API_SERVER.contains(key.split("\\.", 2)[0])) {
        var _ = section.get(key);
        problems.add(
            "%s.%s needs the API server of Kubernetes, which is not asked; %s"
                .formatted(section.path(), key, "expected " + KNOWN_HERE));
      }
    }
    return new Placement(
        glob(section, "cgroup_path"),
        glob(section, "k8s_namespace"),
        glob(section, "k8s_pod_name"),
        glob(section, "k8s_container_name"),
        section.read("containers_only", Section::flag).orElse(false));
  }

  private static Optional<Glob> glob(Section section, String key) {
    return section.read(key, value -> value.parsed("a pattern", Glob::new));
  }
}
