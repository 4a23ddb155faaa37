package dev.troth.observe.agent;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.log.LogWatch;

/** What is watched in a target's own functions: its TLS and its lines. */
record Probes(TlsWatch tls, LogWatch lines) {
  /** A process is watched from now on. */
  void begin(Target target, long now) {
    tls.begin(target, now);
    lines.begin(target, now);
  }

  /** The process runs another program now, with other libraries. */
  void executed(int process) {
    tls.executed(process);
    lines.forget(process);
  }

  /** The process is watched no more. */
  void forget(int process) {
    tls.forget(process);
    lines.forget(process);
  }
}
