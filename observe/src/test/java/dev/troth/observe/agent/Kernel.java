package dev.troth.observe.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.propagation.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What tests need of this machine, or they are skipped with the reason. */
final class Kernel {
  private Kernel() {}

  static void requirePrivilege() {
    Optional<String> missing = Capabilities.missing();
    assumeTrue(missing.isEmpty(), () -> "kernel tests are skipped: " + missing.orElse(""));
    assumeTrue(
        Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")),
        "kernel tests are skipped: this kernel has no BTF");
  }

  /** Skips the test unless trace contexts can be put into requests here. */
  static void requirePropagation() throws IOException {
    requirePrivilege();
    Optional<String> refusal =
        Propagation.refusal(new Bpf(Architecture.ofThisMachine()), Observation.kernelTypes());
    assumeTrue(refusal.isEmpty(), () -> "tests of propagation are skipped: " + refusal.orElse(""));
  }

  /** Skips the test unless the program is on the path. */
  static void requireProgram(String name) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, name))) {
        return;
      }
    }
    assumeTrue(false, "the test against " + name + " is skipped: it is not installed");
  }

  static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
