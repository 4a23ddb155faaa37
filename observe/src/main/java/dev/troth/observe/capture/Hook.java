package dev.troth.observe.capture;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Bpf.Attachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The ways to be called when a process has read or written, the cheapest first. */
@SuppressWarnings("ImmutableEnumChecker") // its list is unmodifiable
public enum Hook {
  /** Socket calls alone; with the socket in hand. */
  SOCKET("tp_btf", List.of("sock_send_length", "sock_recv_length")),
  /** Every system call of every process, 50 to 110 ns each; for kernels without the first. */
  SYS_EXIT("tp_btf", List.of("sys_exit")),
  /** The same without types for the verifier; for kernels that refuse the second. */
  RAW("raw_tp", List.of("sys_exit"));

  /** Tracepoints of processes and connections that every way needs. */
  private static final List<String> ALWAYS =
      List.of(
          "inet_sock_set_state", "sched_process_fork", "sched_process_exec", "sched_process_exit");

  private final String kind;
  private final List<String> traffic;

  Hook(String kind, List<String> traffic) {
    this.kind = kind;
    this.traffic = traffic;
  }

  /** All tracepoints that it needs. */
  public List<String> tracepoints() {
    List<String> all = new ArrayList<>(traffic);
    all.addAll(ALWAYS);
    return List.copyOf(all);
  }

  /** Its tracepoints for traffic, as {@code tp_btf/sys_exit}. */
  public String places() {
    return kind + "/" + String.join(", " + kind + "/", traffic);
  }

  /** As it is named in a configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By its name in a configuration. */
  public static Hook of(String text) {
    for (Hook hook : values()) {
      if (hook.text().equals(text)) {
        return hook;
      }
    }
    throw new IllegalArgumentException("is '" + text + "', expected socket, sys_exit or raw");
  }

  /** Why the kernel does not offer it; a program that does nothing is tried at each place. */
  public Optional<String> refusal(Bpf bpf, Btf btf) {
    if (this == RAW) {
      return bpf.rawRefusal().map(reason -> kind + ": " + reason);
    }
    for (String tracepoint : tracepoints()) {
      OptionalInt type = type(btf, tracepoint);
      if (type.isEmpty()) {
        return Optional.of(kind + "/" + tracepoint + " is not in this kernel");
      }
      Optional<String> refusal = bpf.refusal(type.getAsInt(), Attachment.RAW_TRACEPOINT);
      if (refusal.isPresent()) {
        return refusal.map(reason -> kind + "/" + tracepoint + ": " + reason);
      }
    }
    return Optional.empty();
  }

  /** The first that the kernel offers. */
  public static Optional<Hook> choose(Bpf bpf, Btf btf) {
    for (Hook hook : values()) {
      if (hook.refusal(bpf, btf).isEmpty()) {
        return Optional.of(hook);
      }
    }
    return Optional.empty();
  }

  boolean isTraffic(String tracepoint) {
    return traffic.contains(tracepoint);
  }

  HookSite site(KernelLayout kernel) {
    return switch (this) {
      case SOCKET -> new SocketSite(kernel);
      case SYS_EXIT, RAW -> new SyscallSite(kernel);
    };
  }

  static OptionalInt type(Btf btf, String tracepoint) {
    return btf.find(Kind.TYPEDEF, "btf_trace_" + tracepoint);
  }
}
