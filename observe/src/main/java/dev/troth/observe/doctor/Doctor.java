package dev.troth.observe.doctor;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import dev.troth.observe.capture.Hook;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Bpf.Attachment;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.kernel.Capabilities.Capability;
import dev.troth.observe.kernel.ElfSymbols;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.log.WriteTrial;
import dev.troth.observe.propagation.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at kernel, lockdown, BTF, capabilities and hooks. Hooks are tried, not guessed: a program
 * of two instructions is loaded for each and let go.
 */
public final class Doctor {
  /** Trampolines are refused as a whole when the kernel is locked down. */
  private static final String TRAMPOLINES = ", as under lockdown=integrity; not used";

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
    waysToWatch(bpf, btf);
    OptionalInt function = btf.find(Kind.FUNCTION, "tcp_sendmsg");
    tried(bpf, "fentry", function, Attachment.FENTRY);
    tried(bpf, "fexit", function, Attachment.FEXIT);
    propagation(bpf, btf);
    lines(bpf, btf);
  }

  /** Each tracepoint by itself, then which of the ways would be taken. */
  private void waysToWatch(Bpf bpf, Btf btf) {
    Set<String> tracepoints = new LinkedHashSet<>();
    for (Hook hook : Hook.values()) {
      tracepoints.addAll(hook.tracepoints());
    }
    for (String tracepoint : tracepoints) {
      tried(
          bpf,
          "tp_btf/" + tracepoint,
          btf.find(Kind.TYPEDEF, "btf_trace_" + tracepoint),
          Attachment.RAW_TRACEPOINT);
    }
    Optional<String> raw = bpf.rawRefusal();
    add(
        "raw_tp",
        raw.isEmpty() ? Check.State.OK : Check.State.ABSENT,
        raw.map(reason -> "refused: " + reason).orElse("loads"));
    Optional<Hook> chosen = Hook.choose(bpf, btf);
    add(
        "hook in use",
        chosen.isPresent() ? Check.State.OK : Check.State.MISSING,
        chosen
            .map(Hook::places)
            .orElse("none of " + Stream.of(Hook.values()).map(Hook::places).toList()));
    for (Hook hook : Hook.values()) {
      if (chosen.isPresent() && hook.compareTo(chosen.get()) > 0) {
        Optional<String> refusal = hook.refusal(bpf, btf);
        add(
            "hook in reserve",
            refusal.isEmpty() ? Check.State.OK : Check.State.ABSENT,
            hook.places() + refusal.map(reason -> ": " + reason).orElse(""));
      }
    }
  }

  private void tried(Bpf bpf, String name, OptionalInt type, Attachment attachment) {
    if (type.isEmpty()) {
      add(name, Check.State.ABSENT, "not in this kernel");
      return;
    }
    Optional<String> refusal = bpf.refusal(type.getAsInt(), attachment);
    String why = attachment == Attachment.RAW_TRACEPOINT ? "" : TRAMPOLINES;
    add(
        name,
        refusal.isEmpty() ? Check.State.OK : Check.State.ABSENT,
        refusal.map(reason -> "refused: " + reason + why).orElse("loads"));
  }

  private void others() {
    boolean there = Files.exists(root.resolve("sys/bus/event_source/devices/kprobe/type"));
    add(
        "kprobe",
        there ? Check.State.OK : Check.State.ABSENT,
        there ? "offered, not used" : "not in this kernel, not used");
    Optional<String> refusal = uprobeRefusal();
    add(
        "uprobe_multi",
        refusal.isEmpty() ? Check.State.OK : Check.State.ABSENT,
        refusal
            .map(reason -> "refused: " + reason + "; TLS is not read")
            .orElse("attaches; TLS of OpenSSL 3, Node and Go is read"));
  }

  private void propagation(Bpf bpf, Btf btf) {
    Optional<String> refusal = Propagation.refusal(bpf, btf);
    add(
        "propagation",
        refusal.isEmpty() ? Check.State.OK : Check.State.ABSENT,
        refusal
            .map(reason -> reason + "; --propagate cannot be used")
            .orElse("a request of this process got a traceparent; --propagate can be used"));
  }

  /** What it costs to watch lines is measured, because it differs much from machine to machine. */
  private void lines(Bpf bpf, Btf btf) {
    try {
      double micros = WriteTrial.addedNanos(bpf, btf) / 1e3;
      add(
          "lines",
          Check.State.OK,
          String.format(
              Locale.ROOT,
              "--logs can be used; a write then costs a target %.1f µs more, by trial",
              micros));
    } catch (IOException | KernelException | NoSuchElementException refused) {
      add("lines", Check.State.ABSENT, refused.getMessage() + "; --logs cannot be used");
    }
  }

  /** A program that does nothing is attached to this process, where it began. */
  private Optional<String> uprobeRefusal() {
    Path self = root.resolve("proc/self/exe");
    try {
      return new Bpf(Architecture.ofThisMachine())
          .uprobeRefusal(
              self.toString(), ElfSymbols.entry(self), (int) ProcessHandle.current().pid());
    } catch (IOException unreadable) {
      return Optional.of(String.valueOf(unreadable.getMessage()));
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
