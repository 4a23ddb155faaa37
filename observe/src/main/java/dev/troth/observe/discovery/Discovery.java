package dev.troth.observe.discovery;

import dev.troth.observe.kernel.ElfSymbols;
import dev.troth.observe.kernel.GoFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds the processes that selectors wish for: by number and executable in all network namespaces,
 * by port in the agent's own unless a selector says otherwise, because a port of another namespace
 * is another port. Excluded are those of the exclusions and the agent itself. Not thread-safe.
 */
public final class Discovery {
  /** Of glibc, and of musl, whose loader it is. */
  private static final List<String> C_LIBRARIES = List.of("/libc.so", "/libc-2", "/ld-musl-");

  /** The beginning of a process that had ended before it was looked at. */
  private static final long ENDED = -1;

  private static final int MOST_GENERATIONS = 8;
  private static final int MOST_FILES = 64;
  private static final int MOST_UNNAMED = 1_000;

  private final ProcessTable table;
  private final List<Selector> selectors;
  private final List<Selector> exclusions;
  private final int self;
  private final Description description;

  /** The network namespace of the agent. */
  private final Optional<String> network;

  /** Where functions lie in files, by what identifies a file. */
  private final Map<Object, Map<String, List<Long>>> functions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Map<String, List<Long>>> eldest) {
          return size() > MOST_FILES;
        }
      };

  /** When the processes that are wished for by number had begun: the number may be given again. */
  private final Map<Integer, Long> begun = new HashMap<>();

  /** Numbers of pods whose names are not known. */
  private final Set<String> unnamed = new HashSet<>();

  private int told;

  public Discovery(
      ProcessTable table,
      List<Selector> selectors,
      List<Selector> exclusions,
      int self,
      String host) {
    this.table = table;
    this.selectors = List.copyOf(selectors);
    this.exclusions = List.copyOf(exclusions);
    this.self = self;
    this.description = new Description(table, host);
    this.network = table.network(self);
    for (Selector selector : selectors) {
      selector
          .process()
          .ifPresent(
              process -> table.startTicks(process).ifPresent(ticks -> begun.put(process, ticks)));
    }
  }

  /** All processes that are targets now, by number. */
  public Map<Integer, Target> scan() {
    Map<Integer, Target> found = new HashMap<>();
    Scan scan = new Scan();
    for (int process : table.processes()) {
      target(process, scan).ifPresent(target -> found.put(process, target));
    }
    return found;
  }

  /** One process as a target, or empty. */
  public Optional<Target> look(int process) {
    return target(process, new Scan());
  }

  /**
   * A child of a target inherits its sockets, and is what its parent is until it starts another
   * program.
   */
  public Target child(int process, Target parent) {
    // One that lives for a moment may have ended by now; what it said is told of all the same.
    return parent.child(process, table.startTicks(process).orElse(ENDED));
  }

  /**
   * Where a target has the functions of OpenSSL; empty if it has not all that are needed.
   *
   * @param wanted all functions that are made use of, the needed ones among them
   */
  public Optional<FunctionPlaces> tls(Target target, List<String> needed, List<String> wanted) {
    for (Path file : table.openssl(target.process())) {
      try {
        Map<String, List<Long>> offsets = functions("OpenSSL", file, one -> named(one, wanted));
        if (offsets.keySet().containsAll(needed)) {
          return Optional.of(new FunctionPlaces(file.toString(), offsets));
        }
      } catch (IOException gone) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Where a target has a function of its C library; empty if it has none with its symbols. */
  public Optional<FunctionPlaces> libraryCall(Target target, String function) {
    for (Path file : table.libraries(target.process(), C_LIBRARIES)) {
      try {
        Map<String, List<Long>> offsets =
            functions("C " + function, file, one -> named(one, List.of(function)));
        if (!offsets.isEmpty()) {
          return Optional.of(new FunctionPlaces(file.toString(), offsets));
        }
      } catch (IOException gone) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * The path of an open file, if its descriptor still stands for it.
   *
   * @param number the kernel's own number of the file
   */
  public Optional<String> openFile(int process, int descriptor, long number) {
    return table.openFile(process, descriptor, number);
  }

  /** What is looked for in a file. */
  private interface Reading {
    Map<String, List<Long>> read(Path file) throws IOException;
  }

  private static Map<String, List<Long>> named(Path file, List<String> wanted) throws IOException {
    Map<String, List<Long>> places = new HashMap<>();
    ElfSymbols.offsets(file, wanted).forEach((name, place) -> places.put(name, List.of(place)));
    return places;
  }

  private static Map<String, List<Long>> ofGo(
      Path file, List<String> wanted, UnaryOperator<String> returns) throws IOException {
    Map<String, List<Long>> places = new HashMap<>();
    GoFunctions.find(file, wanted)
        .forEach((name, function) -> {
          places.put(name, List.of(function.begin()));
          places.put(returns.apply(name), function.returns());
        });
    return places;
  }

  /**
   * Where a target has the functions of Go's TLS; empty if it has not all of them.
   *
   * @param returns the name of the places at which a function returns
   */
  public Optional<FunctionPlaces> tlsOfGo(
      Target target, List<String> wanted, UnaryOperator<String> returns) {
    if (target.runtime() != RuntimeKind.GO) {
      return Optional.empty();
    }
    Path file = table.executableFile(target.process());
    try {
      Map<String, List<Long>> places = functions("Go", file, one -> ofGo(one, wanted, returns));
      return places.keySet().containsAll(wanted)
          ? Optional.of(new FunctionPlaces(file.toString(), places))
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Workers have the same files as their maker, so what is in a file is remembered for a while. */
  private Map<String, List<Long>> functions(String of, Path file, Reading reading)
      throws IOException {
    Object number = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    Object key = number == null ? null : List.of(of, number);
    Map<String, List<Long>> known = key == null ? null : functions.get(key);
    if (known == null) {
      known = reading.read(file);
      if (key != null) {
        functions.put(key, known);
      }
    }
    return known;
  }

  /** What else than OpenSSL with its symbols may protect what a target says. */
  public String otherTls(Target target) {
    return switch (target.runtime()) {
      case JAVA -> "TLS of Java";
      case GO -> "TLS of Go";
      case NODE, PYTHON, RUBY, PHP, DOTNET, OTHER ->
          table.maps(target.process(), "libgnutls.so")
              ? "TLS of GnuTLS"
              : "TLS of a library without symbols";
    };
  }

  /** Whether a process still is the one that the target describes. */
  public boolean isAlive(Target target) {
    return table
        .startTicks(target.process())
        .map(ticks -> ticks == target.startTicks())
        .orElse(false);
  }

  /** Whether a process is there, and runs the executable that it ran when it became a target. */
  public boolean isCertainly(Target target) {
    return isAlive(target) && !isAnother(target) && table.executable(target.process()).isPresent();
  }

  /** Whether it was chosen by its number, whatever program it runs, and the number is still its. */
  public boolean isChosenByNumber(Target target) {
    return selectors.stream()
            .anyMatch(one -> one.process().equals(OptionalInt.of(target.process())))
        && table.startTicks(target.process()).filter(at -> at != target.startTicks()).isEmpty();
  }

  /**
   * Whether the number is another process's now, or that of another program. One that has ended is
   * no other: what it said is still its own.
   */
  public boolean isAnother(Target target) {
    String path = target.resource().get("process.executable.path");
    return table.startTicks(target.process()).filter(at -> at != target.startTicks()).isPresent()
        || table.executable(target.process()).filter(now -> !now.equals(path)).isPresent();
  }

  private Optional<Target> target(int process, Scan scan) {
    if (process == self) {
      return Optional.empty();
    }
    for (Selector selector : selectors) {
      if (matches(selector, process, scan)) {
        for (Selector exclusion : exclusions) {
          if (matches(exclusion, process, scan)) {
            return Optional.empty();
          }
        }
        return description
            .describe(process, selector, scan.pods)
            .map(target ->
                maker(process, selector, scan)
                    .filter(maker -> maker.service().equals(target.service()))
                    .map(target::workerOf)
                    .orElse(target));
      }
    }
    return Optional.empty();
  }

  /** The process that made this one as a worker of the same service. */
  private Optional<Target> maker(int process, Selector selector, Scan scan) {
    Optional<Integer> parent = table.parent(process).filter(number -> runsTheSame(process, number));
    return parent.isPresent() && parent.get() != self && matches(selector, parent.get(), scan)
        ? description.describe(parent.get(), selector, scan.pods)
        : Optional.empty();
  }

  private boolean runsTheSame(int process, int other) {
    Optional<String> executable = table.executable(process);
    return executable.isPresent() && executable.equals(table.executable(other));
  }

  /** Whether it is the process of this number, or a worker that this one has made. */
  private boolean isOrMadeBy(int process, int wanted) {
    int at = process;
    for (int i = 0; i < MOST_GENERATIONS && at > 1; i++) {
      if (at == wanted) {
        return isTheSame(wanted) && (at == process || runsTheSame(process, wanted));
      }
      at = table.parent(at).orElse(0);
    }
    return false;
  }

  private boolean matches(Selector selector, int process, Scan scan) {
    if (selector.process().isPresent() && !isOrMadeBy(process, selector.process().getAsInt())) {
      return false;
    }
    if (selector.executable().isPresent()
        && !table
            .executable(process)
            .map(path -> selector.executable().get().matches(path))
            .orElse(false)) {
      return false;
    }
    if (!isIn(process, selector.placement(), scan)) {
      return false;
    }
    if (selector.ports().isEmpty()) {
      return true;
    }
    return (selector.everyNetwork() || table.network(process).equals(network))
        && scan.listens(process, selector.ports().get());
  }

  /** Each line of the control groups is a number, controllers and a path. */
  private boolean isIn(int process, Placement placement, Scan scan) {
    if (placement.equals(Placement.ANY)) {
      return true;
    }
    String groups = table.controlGroups(process);
    Optional<Glob> path = placement.cgroup();
    if (path.isPresent()
        && groups
            .lines()
            .map(line -> line.split(":", 3))
            .noneMatch(parts -> parts.length == 3 && path.get().matches(parts[2]))) {
      return false;
    }
    Container container = Container.of(groups);
    if (placement.inContainer() && container.id().isEmpty()) {
      return false;
    }
    if (!placement.names()) {
      return true;
    }
    PodNames names = scan.pods.of(process, container);
    if (placement.misses(names) && unnamed.size() < MOST_UNNAMED) {
      container.pod().ifPresent(unnamed::add);
    }
    return placement.fits(names);
  }

  /** What a person should know about who could not be chosen; each is told once. */
  public Optional<String> note() {
    if (unnamed.size() == told) {
      return Optional.empty();
    }
    told = unnamed.size();
    return Optional.of(
        ("%d pods have names that are not known here, and are not chosen by them: neither"
                + " /var/log/pods and /var/log/containers of the node nor"
                + " OTEL_RESOURCE_ATTRIBUTES tell them")
            .formatted(told));
  }

  private boolean isTheSame(int process) {
    Long ticks = begun.get(process);
    return ticks == null || table.startTicks(process).equals(Optional.of(ticks));
  }

  /** Remembers, for one look around, who listens in which network namespace. */
  private final class Scan {
    private final Pods pods = new Pods(table);
    private final Map<String, Map<String, Integer>> listening = new HashMap<>();
    private final Map<Integer, Set<Integer>> ports = new HashMap<>();

    boolean listens(int process, Ports wanted) {
      for (int port : ports.computeIfAbsent(process, this::portsOf)) {
        if (wanted.contains(port)) {
          return true;
        }
      }
      return false;
    }

    private Set<Integer> portsOf(int process) {
      Set<String> held = table.sockets(process);
      if (held.isEmpty()) {
        // Most programs that begin are such, and the kernel's list of connections is long to read.
        return Set.of();
      }
      Set<Integer> found = new HashSet<>();
      String network = table.network(process).orElse("");
      Map<String, Integer> sockets =
          listening.computeIfAbsent(network, unknown -> table.listening(process));
      for (String inode : held) {
        Integer port = sockets.get(inode);
        if (port != null) {
          found.add(port);
        }
      }
      return found;
    }
  }
}
