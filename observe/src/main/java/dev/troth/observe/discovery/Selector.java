package dev.troth.observe.discovery;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One wish to watch processes: all that is said must hold.
 *
 * @param ports a port of these on which the process listens
 * @param process its number
 * @param executable a pattern of its executable's path
 * @param placement the container, pod or unit in which it runs
 * @param name the service name to give it
 * @param namespace the service namespace to give it
 * @param everyNetwork whether a port is one of any network namespace, not of the agent's own alone
 */
public record Selector(
    Optional<Ports> ports,
    OptionalInt process,
    Optional<Glob> executable,
    Placement placement,
    Optional<String> name,
    Optional<String> namespace,
    boolean everyNetwork) {
  /** The keys of a configuration that name processes. */
  public static final String NAMES =
      "open_ports, exe_path, cgroup_path, k8s_namespace, k8s_pod_name, k8s_container_name,"
          + " containers_only or pid";

  public Selector(
      Optional<Ports> ports,
      OptionalInt process,
      Optional<Glob> executable,
      Optional<String> name,
      Optional<String> namespace) {
    this(ports, process, executable, Placement.ANY, name, namespace, false);
  }

  public Selector {
    if (ports.isEmpty()
        && process.isEmpty()
        && executable.isEmpty()
        && placement.equals(Placement.ANY)) {
      throw new IllegalArgumentException("a selector names nothing, expected one of " + NAMES);
    }
  }

  public static Selector ofPorts(String ports) {
    return new Selector(
        Optional.of(Ports.parse(ports)),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static Selector ofProcess(int process) {
    return new Selector(
        Optional.empty(),
        OptionalInt.of(process),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static Selector ofExecutable(String glob) {
    return new Selector(
        Optional.empty(),
        OptionalInt.empty(),
        Optional.of(new Glob(glob)),
        Optional.empty(),
        Optional.empty());
  }

  public static Selector ofCgroup(String glob) {
    return new Selector(
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Placement.ofCgroup(glob),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same for ports of all network namespaces. */
  public Selector ofEveryNetwork() {
    return new Selector(ports, process, executable, placement, name, namespace, true);
  }

  public Selector named(Optional<String> newName, Optional<String> newNamespace) {
    return new Selector(ports, process, executable, placement, newName, newNamespace, everyNetwork);
  }
}
