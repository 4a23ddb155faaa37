package dev.troth.observe.discovery;

import java.util.Optional;

/**
 * Where a process that is wished for runs: all that is said must hold.
 *
 * @param cgroup a pattern of the path of one of its control groups
 * @param namespace a pattern of the namespace of its pod in Kubernetes
 * @param pod a pattern of the name of its pod
 * @param container a pattern of the name of its container in the pod
 * @param inContainer whether it runs in any container
 */
public record Placement(
    Optional<Glob> cgroup,
    Optional<Glob> namespace,
    Optional<Glob> pod,
    Optional<Glob> container,
    boolean inContainer) {
  /** Anywhere. */
  public static final Placement ANY =
      new Placement(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  static Placement ofCgroup(String glob) {
    return new Placement(
        Optional.of(new Glob(glob)), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /** Whether it asks for names that Kubernetes gives. */
  boolean names() {
    return namespace.isPresent() || pod.isPresent() || container.isPresent();
  }

  /** Whether the names are as wished for; what is not known is not. */
  boolean fits(PodNames names) {
    return fits(namespace, names.namespace())
        && fits(pod, names.pod())
        && fits(container, names.container());
  }

  /** Whether a name is wished for that is not known. */
  boolean misses(PodNames names) {
    return (namespace.isPresent() && names.namespace().isEmpty())
        || (pod.isPresent() && names.pod().isEmpty())
        || (container.isPresent() && names.container().isEmpty());
  }

  private static boolean fits(Optional<Glob> wished, Optional<String> name) {
    return wished.isEmpty() || name.map(wished.get()::matches).orElse(false);
  }
}
