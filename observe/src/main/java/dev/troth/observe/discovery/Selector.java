package dev.troth.observe.discovery;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One wish to watch processes: all that is said must hold.
 *
 * @param ports a port of these on which the process listens
 * @param process its number
 * @param executable a pattern of its executable's path
 * @param cgroup a pattern of the path of one of its control groups, which names its container, pod
 *     or unit
 * @param name the service name to give it
 * @param namespace the service namespace to give it
 * @param everyNetwork whether a port is one of any network namespace, not of the agent's own alone
 */
public record Selector(
    Optional<Ports> ports,
    OptionalInt process,
    Optional<Glob> executable,
    Optional<Glob> cgroup,
    Optional<String> name,
    Optional<String> namespace,
    boolean everyNetwork) {

  public Selector(
      Optional<Ports> ports,
      OptionalInt process,
      Optional<Glob> executable,
      Optional<String> name,
      Optional<String> namespace) {
    this(ports, process, executable, Optional.empty(), name, namespace, false);
  }

  public Selector {
    if (ports.isEmpty() && process.isEmpty() && executable.isEmpty() && cgroup.isEmpty()) {
      throw new IllegalArgumentException(
          "a selector names nothing, expected open_ports, pid, exe_path or cgroup_path");
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
        Optional.of(new Glob(glob)),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same for ports of all network namespaces. */
  public Selector ofEveryNetwork() {
    return new Selector(ports, process, executable, cgroup, name, namespace, true);
  }

  public Selector named(Optional<String> newName, Optional<String> newNamespace) {
    return new Selector(ports, process, executable, cgroup, newName, newNamespace, everyNetwork);
  }
}
