package dev.troth.observe.doctor;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Bpf.Attachment;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.kernel.Capabilities.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at kernel, lockdown, BTF, capabilities and hooks. Hooks are tried, not guessed: a program
 * of two instructions is loaded for each and let go.
 */
public final class Doctor {
  private static final List<String> NEEDED =
      List.of(
          "sock_send_length",
          "sock_recv_length",
          "inet_sock_set_state",
          "sched_process_fork",
          "sched_process_exec",
          "sched_process_exit");

  private final Path root;
  private final List<Check> checks = new ArrayList<>();

  private Doctor(Path root) {
    this.root = root;
  }

  /** Examines this machine. */
  public static List<Check> examine() {
    Doctor doctor = new Doctor(Path.of("/"));
    doctor.machine();
    doctor.capabilities();
    doctor.hooks();
    doctor.others();
    return List.copyOf(doctor.checks);
  }

  private void machine() {
    add("kernel", Check.State.OK, read("proc/sys/kernel/osrelease").orElse("unknown"));
    String processor = System.getProperty("os.arch", "");
    boolean supported = processor.equals("amd64") || processor.equals("aarch64");
    add("processor", supported ? Check.State.OK : Check.State.MISSING, processor);
    add("lockdown", Check.State.OK, lockdown());
    boolean types = Files.isReadable(root.resolve("sys/kernel/btf/vmlinux"));
    add(
        "BTF",
        types ? Check.State.OK : Check.State.MISSING,
        types
            ? "/sys/kernel/btf/vmlinux"
            : "no /sys/kernel/btf/vmlinux: the kernel needs CONFIG_DEBUG_INFO_BTF=y");
  }

  private String lockdown() {
    Optional<String> modes = read("sys/kernel/security/lockdown");
    if (modes.isEmpty()) {
      return "not told (securityfs is not mounted)";
    }
    Matcher chosen = Pattern.compile("\\[(\\w+)]").matcher(modes.get());
    String mode = chosen.find() ? chosen.group(1) : modes.get();
    return mode.equals("confidentiality") ? mode + ": reading memory is refused" : mode;
  }

  private void capabilities() {
    Capabilities own = Capabilities.ofThisProcess();
    for (Capability capability :
        List.of(Capability.BPF, Capability.PERFMON, Capability.SYS_PTRACE)) {
      boolean has = own.has(capability) || own.has(Capability.SYS_ADMIN);
      add("CAP_" + capability, has ? Check.State.OK : Check.State.MISSING, has ? "" : "not held");
    }
  }

  private void hooks() {
    Btf btf;
    try {
      btf = Btf.parse(Files.readAllBytes(root.resolve("sys/kernel/btf/vmlinux")));
    } catch (IOException | IllegalArgumentException unreadable) {
      add("hooks", Check.State.MISSING, "cannot be looked up without BTF");
      return;
    }
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    for (String tracepoint : NEEDED) {
      OptionalInt type = btf.find(Kind.TYPEDEF, "btf_trace_" + tracepoint);
      hook(bpf, "tp_btf/" + tracepoint, type, Attachment.RAW_TRACEPOINT, Check.State.MISSING);
    }
    hook(
        bpf,
        "tp_btf/sys_exit",
        btf.find(Kind.TYPEDEF, "btf_trace_sys_exit"),
        Attachment.RAW_TRACEPOINT,
        Check.State.ABSENT);
    OptionalInt function = btf.find(Kind.FUNCTION, "tcp_sendmsg");
    hook(bpf, "fentry", function, Attachment.FENTRY, Check.State.ABSENT);
    hook(bpf, "fexit", function, Attachment.FEXIT, Check.State.ABSENT);
  }

  private void hook(
      Bpf bpf, String name, OptionalInt type, Attachment attachment, Check.State otherwise) {
    if (type.isEmpty()) {
      add(name, otherwise, "not in this kernel");
      return;
    }
    Optional<String> refusal = bpf.refusal(type.getAsInt(), attachment);
    add(
        name,
        refusal.isEmpty() ? Check.State.OK : otherwise,
        refusal
            .map(reason -> "refused: " + reason + reasonOf(attachment, otherwise))
            .orElse("loads"));
  }

  /** Trampolines are refused as a whole when the kernel is locked down. */
  private static String reasonOf(Attachment attachment, Check.State otherwise) {
    return attachment == Attachment.RAW_TRACEPOINT || otherwise != Check.State.ABSENT
        ? ""
        : ", as under lockdown=integrity; not used";
  }

  private void others() {
    for (String kind : List.of("kprobe", "uprobe")) {
      boolean there = Files.exists(root.resolve("sys/bus/event_source/devices/" + kind + "/type"));
      add(
          kind,
          there ? Check.State.OK : Check.State.ABSENT,
          there ? "offered, not used" : "not in this kernel, not used");
    }
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)).strip());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private void add(String subject, Check.State state, String detail) {
    checks.add(new Check(subject, state, detail));
  }
}
