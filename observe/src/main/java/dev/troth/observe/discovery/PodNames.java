package dev.troth.observe.discovery;

import java.util.Optional;

/** What Kubernetes calls the pod of a process, as far as this machine tells for certain. */
record PodNames(Optional<String> namespace, Optional<String> pod, Optional<String> container) {
  static final PodNames NONE = new PodNames(Optional.empty(), Optional.empty(), Optional.empty());
}
