package dev.troth.cli.platform;

import dev.troth.observe.doctor.Check;
import dev.troth.observe.doctor.Doctor;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.server.config.Config;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.tls.Certificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a platform with this configuration stands on, and whether this machine has it. */
final class MachineChecks {
  /** So many connections a listener takes by default, and files besides. */
  private static final long FILES = 4096;

  private static final long MEMORY_MEBIBYTES = 512;
  private static final long ROOM_MEBIBYTES = 1024;
  private static final int COMMITS = 21;
  private static final Duration DATABASE_ANSWERS = Duration.ofSeconds(5);

  /** Where a lock or a commit may not hold what SQLite expects of it. */
  private static final Set<String> NETWORKS =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph");

  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+|unlimited)");

  private final Config config;
  private final List<Check> found = new ArrayList<>();

  private MachineChecks(Config config) {
    this.config = config;
  }

  /** Looks at all of it; makes a file in the data folder, or beside it, and removes it. */
  static List<Check> examine(Config config) {
    MachineChecks checks = new MachineChecks(config);
    checks.system();
    checks.files();
    checks.memory();
    checks.folder();
    checks.database();
    checks.certificate();
    checks.ports();
    checks.agent();
    return List.copyOf(checks.found);
  }

  private void add(String subject, boolean holds, String detail) {
    found.add(new Check(subject, holds ? Check.State.OK : Check.State.MISSING, detail));
  }

  private void optional(String subject, boolean holds, String detail) {
    found.add(new Check(subject, holds ? Check.State.OK : Check.State.ABSENT, detail));
  }

  private void system() {
    add(
        "java",
        Runtime.version().feature() >= 25,
        "%s, expected 25 or later".formatted(Runtime.version()));
    add(
        "system",
        System.getProperty("os.name").equals("Linux"),
        "%s %s on %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
    String names = System.getProperty("sun.jnu.encoding", "unknown");
    add("names of files", names.equals("UTF-8"), "%s, expected UTF-8".formatted(names));
  }

  private void files() {
    try {
      Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
      if (limit.find()) {
        boolean enough =
            limit.group(1).equals("unlimited") || Long.parseLong(limit.group(1)) >= FILES;
        add(
            "open files",
            enough,
            "%s, expected at least %d (ulimit -n)".formatted(limit.group(1), FILES));
      }
    } catch (IOException e) {
      add("open files", false, "/proc is not mounted: " + e);
    }
  }

  private void memory() {
    try {
      long mebibytes = limitOfGroup().orElse(Long.MAX_VALUE);
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          mebibytes = Math.min(mebibytes, Long.parseLong(line.replaceAll("\\D", "")) / 1024);
        }
      }
      add(
          "memory",
          mebibytes >= MEMORY_MEBIBYTES,
          "%,d MiB available, expected at least %d".formatted(mebibytes, MEMORY_MEBIBYTES));
    } catch (IOException e) {
      add("memory", false, "/proc is not mounted: " + e);
    }
  }

  private static Optional<Long> limitOfGroup() {
    try {
      String most = Files.readString(Path.of("/sys/fs/cgroup/memory.max")).strip();
      return most.equals("max") ? Optional.empty() : Optional.of(Long.parseLong(most) >> 20);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void folder() {
    Path data = config.data().toAbsolutePath().normalize();
    Path nearest = data;
    while (nearest != null && !Files.isDirectory(nearest)) {
      nearest = nearest.getParent();
    }
    Path folder = nearest == null ? Path.of("/") : nearest;
    try {
      long room = folder.toFile().getUsableSpace() >> 20;
      add(
          "data folder",
          true,
          "%s%s".formatted(data, folder.equals(data) ? "" : ", which the first start makes"));
      add(
          "room for data",
          room >= ROOM_MEBIBYTES,
          "%,d MiB, expected at least %,d".formatted(room, ROOM_MEBIBYTES));
      if (config.store().isEmpty()) {
        fileSystem(folder);
      }
      add(
          "commits to disk",
          true,
          String.format(Locale.ROOT, "%.2f ms each, half of them less", commitMillis(folder)));
    } catch (IOException e) {
      add("data folder", false, "%s: nothing can be written: %s".formatted(data, e));
    }
  }

  private void fileSystem(Path folder) {
    try {
      String type = Files.getFileStore(folder).type();
      boolean network = NETWORKS.contains(type);
      add(
          "file system",
          !network,
          type + (network ? ": SQLite needs a disk of this machine, or set store.url" : ""));
    } catch (IOException e) {
      // "/" is no mount of its own, as in a chroot
      add("file system", true, "of no mount that can be seen from here, expected no network's");
    }
  }

  /** The median time until the disk has a page. */
  private static double commitMillis(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "troth-doctor-", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long[] nanos = new long[COMMITS];
      for (int i = 0; i < COMMITS; i++) {
        long begin = System.nanoTime();
        channel.write(ByteBuffer.allocate(4096));
        channel.force(false);
        nanos[i] = System.nanoTime() - begin;
      }
      Arrays.sort(nanos);
      return nanos[COMMITS / 2] / 1e6;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void database() {
    if (config.store().isEmpty()) {
      return;
    }
    Optional<String> trouble = DatabaseSource.trouble(config.store().get(), DATABASE_ANSWERS);
    add("database", trouble.isEmpty(), trouble.orElse("it answers, and lets in"));
  }

  private void certificate() {
    config
        .http()
        .tls()
        .ifPresent(settings -> {
          try {
            Certificates files = new Certificates(settings, Clock.systemUTC());
            files.start();
            files.stop();
            add("certificate", true, "the files of tls.certificate-file and tls.key-file fit");
          } catch (CannotStart refused) {
            add("certificate", false, String.valueOf(refused.getMessage()));
          }
        });
  }

  /** All at the same time, as a platform has them. */
  private void ports() {
    Config.Telemetry telemetry = config.telemetry();
    try (ServerSocket api = new ServerSocket();
        ServerSocket operations = new ServerSocket();
        ServerSocket registry = new ServerSocket();
        ServerSocket http = new ServerSocket();
        ServerSocket grpc = new ServerSocket()) {
      port(api, "http.listen", config.http().listen());
      port(operations, "http.operations", config.http().operations());
      port(registry, "registry.listen", config.http().registry());
      port(http, "otlp.http", telemetry.http());
      port(grpc, "otlp.grpc", telemetry.grpc());
    } catch (IOException e) {
      add("ports", false, String.valueOf(e.getMessage()));
    }
  }

  private void port(ServerSocket socket, String key, Optional<ListenAddress> address) {
    if (address.isEmpty()) {
      return;
    }
    ListenAddress at = address.get();
    try {
      socket.setReuseAddress(true);
      InetSocketAddress where = new InetSocketAddress(at.host(), at.port());
      if (where.isUnresolved()) {
        add(key, false, "%s: the host is unknown".formatted(at));
        return;
      }
      socket.bind(where);
      add(key, true, "%s is free".formatted(at));
    } catch (IOException e) {
      add(
          key,
          false,
          "%s: %s; a platform that runs or another listener has it, or give another"
              .formatted(at, e.getMessage()));
    }
  }

  private void agent() {
    Optional<String> lacking = Capabilities.missing();
    if (lacking.isPresent()) {
      optional("agent", false, lacking.get());
      return;
    }
    List<String> missing =
        Doctor.examine().stream()
            .filter(check -> check.state() == Check.State.MISSING)
            .map(Check::subject)
            .toList();
    optional(
        "agent",
        missing.isEmpty(),
        missing.isEmpty()
            ? "can watch processes here (troth observe doctor)"
            : "cannot watch processes here, for want of %s (troth observe doctor)"
                .formatted(String.join(", ", missing)));
  }
}
