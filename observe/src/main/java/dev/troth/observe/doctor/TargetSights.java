package dev.troth.observe.doctor;

import dev.troth.observe.capture.Capture;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.FunctionPlaces;
import dev.troth.observe.discovery.ProcessTable;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.discovery.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says of each process that would be watched what the agent can see of it and what it cannot, by
 * what the process has open and loaded; nothing is attached to it.
 */
public final class TargetSights {
  private static final int MOST = 200;

  private final ProcessTable table;
  private final Discovery discovery;
  private final List<Check> checks = new ArrayList<>();

  private TargetSights(ProcessTable table, Discovery discovery) {
    this.table = table;
    this.discovery = discovery;
  }

  /** Looks at the processes that these name and those do not exclude. */
  public static List<Check> examine(List<Selector> selectors, List<Selector> exclusions) {
    ProcessTable table = new ProcessTable(Path.of("/proc"));
    int self = (int) ProcessHandle.current().pid();
    TargetSights sights =
        new TargetSights(table, new Discovery(table, selectors, exclusions, self, ""));
    List<Target> targets =
        sights.discovery.scan().values().stream()
            .sorted(Comparator.comparingInt(Target::process))
            .toList();
    if (targets.isEmpty()) {
      sights.add("targets", Check.State.MISSING, "no process fits what was asked for");
    }
    targets.stream().limit(MOST).forEach(sights::target);
    if (targets.size() > MOST) {
      sights.add("targets", Check.State.ABSENT, targets.size() - MOST + " more are not shown");
    }
    return List.copyOf(sights.checks);
  }

  private void target(Target target) {
    int process = target.process();
    add(
        "%s, process %d".formatted(target.service(), process),
        Check.State.OK,
        "what it says in the clear over TCP is seen");
    tls(target);
    long unix = table.unixSockets(process);
    if (unix > 0) {
      add("  unix sockets", Check.State.ABSENT, unix + " open, not read: " + Advice.UNIX);
    }
    long rings = table.ioRings(process);
    if (rings > 0) {
      add("  io_uring", Check.State.ABSENT, rings + " open, not read: " + Advice.IO_URING);
    }
  }

  private void tls(Target target) {
    Optional<FunctionPlaces> library =
        discovery.tls(target, Capture.neededOfTls(), Capture.allOfTls());
    if (library.isPresent()) {
      add("  TLS", Check.State.OK, "of OpenSSL: seen, in " + file(library.get().file()));
      return;
    }
    if (discovery.tlsOfGo(target, Capture.tlsOfGo(), Capture::returnsOf).isPresent()) {
      add("  TLS", Check.State.OK, "of Go: seen, in the executable");
      return;
    }
    String other = discovery.otherTls(target);
    add("  TLS", Check.State.ABSENT, "if any, " + other + " is not read: " + Advice.about(other));
  }

  /** As the process itself names it. */
  private static String file(String path) {
    int root = path.indexOf("/root/");
    return root < 0 ? "the executable" : path.substring(root + "/root".length());
  }

  private void add(String subject, Check.State state, String detail) {
    checks.add(new Check(subject, state, detail));
  }
}
