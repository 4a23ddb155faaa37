package dev.troth.observe.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of the machine, read from a {@code /proc} file system. A process may end at any
 * time: every answer may be empty.
 */
public final class ProcessTable {
  private static final String FILE_NUMBER = "ino:";

  private final Path root;

  /**
   * @param root {@code /proc}
   */
  public ProcessTable(Path root) {
    this.root = root;
  }

  /** The numbers of all processes. */
  public List<Integer> processes() {
    List<Integer> all = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
      for (Path entry : entries) {
        all.add(Integer.parseInt(entry.getFileName().toString()));
      }
    } catch (IOException unreadable) {
      throw new IllegalStateException("cannot list " + root, unreadable);
    }
    return all;
  }

  /** The path of the executable; empty for kernel threads and for what has ended. */
  public Optional<String> executable(int process) {
    return link(process, "exe").map(path -> path.replaceFirst(" \\(deleted\\)$", ""));
  }

  /** When the process began, in clock ticks since boot. */
  public Optional<Long> startTicks(int process) {
    return field(process, 19);
  }

  /** The process that made it. */
  public Optional<Integer> parent(int process) {
    return field(process, 1).map(Math::toIntExact);
  }

  /** A number of {@code stat}, counted from behind the name. */
  private Optional<Long> field(int process, int index) {
    return text(process, "stat")
        .map(stat -> {
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          return Long.parseLong(fields[index]);
        });
  }

  /** The arguments, the program's name first. */
  public List<String> arguments(int process) {
    return text(process, "cmdline").map(text -> List.of(text.split("\0", -1))).orElse(List.of());
  }

  /** One variable of the environment that the process was started with. */
  public Optional<String> environment(int process, String name) {
    String prefix = name + "=";
    return text(process, "environ")
        .flatMap(text -> {
          for (String entry : text.split("\0", -1)) {
            if (entry.startsWith(prefix)) {
              return Optional.of(entry.substring(prefix.length()));
            }
          }
          return Optional.empty();
        });
  }

  /** The control groups, one a line. */
  public String controlGroups(int process) {
    return text(process, "cgroup").orElse("");
  }

  /** The folders of the kubelet's logs on this machine, one a pod. */
  List<String> podLogs() {
    return names("1/root/var/log/pods");
  }

  /** The logs of containers by their names, as the kubelet links them. */
  List<String> containerLogs() {
    return names("1/root/var/log/containers");
  }

  /** The namespace beside the account that Kubernetes gives to a process. */
  Optional<String> accountNamespace(int process) {
    return text(process, "root/var/run/secrets/kubernetes.io/serviceaccount/namespace")
        .map(String::strip)
        .filter(name -> !name.isEmpty());
  }

  private List<String> names(String folder) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder))) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException absent) {
      return names;
    }
    return names;
  }

  /** Identifies the network namespace. */
  public Optional<String> network(int process) {
    return link(process, "ns/net");
  }

  /** The name of a thread, at most 15 characters. */
  public Optional<String> threadName(int process, int thread) {
    return text(process, "task/" + thread + "/comm").map(String::strip);
  }

  /** Whether one of the mapped files has this name. */
  public boolean maps(int process, String file) {
    return text(process, "maps").map(maps -> maps.contains("/" + file)).orElse(false);
  }

  /** The listening TCP sockets of the process's network namespace: inode to port. */
  public Map<String, Integer> listening(int process) {
    Map<String, Integer> sockets = new HashMap<>();
    for (String file : List.of("net/tcp", "net/tcp6")) {
      for (String line : text(process, file).orElse("").split("\n", -1)) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > 9 && columns[3].equals("0A")) {
          String local = columns[1];
          int port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16);
          sockets.put(columns[9], port);
        }
      }
    }
    return sockets;
  }

  /** The inodes of the sockets that the process holds. */
  public Set<String> sockets(int process) {
    Set<String> inodes = new HashSet<>();
    for (String open : open(process)) {
      if (open.startsWith("socket:[")) {
        inodes.add(open.substring(8, open.length() - 1));
      }
    }
    return inodes;
  }

  /** How many unix sockets the process holds. */
  public long unixSockets(int process) {
    Set<String> held = sockets(process);
    return text(process, "net/unix")
        .map(text ->
            text.lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns.length > 6 && held.contains(columns[6]))
                .count())
        .orElse(0L);
  }

  /** How many rings of io_uring the process holds. */
  public long ioRings(int process) {
    return open(process).stream().filter(open -> open.equals("anon_inode:[io_uring]")).count();
  }

  /** What its descriptors stand for. */
  private List<String> open(int process) {
    List<String> open = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(process + "/fd"))) {
      for (Path entry : entries) {
        open.add(Files.readSymbolicLink(entry).toString());
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException gone) {
      return open;
    }
    return open;
  }

  /** The executable, by a path that the agent can open. */
  Path executableFile(int process) {
    return root.resolve(process + "/exe");
  }

  /** The files in which functions of OpenSSL may lie: the executable, then its library. */
  List<Path> openssl(int process) {
    List<Path> files = new ArrayList<>();
    files.add(executableFile(process));
    files.addAll(libraries(process, List.of("/libssl.so")));
    return files;
  }

  /** The first mapped file whose name begins so, if there is one. */
  List<Path> libraries(int process, List<String> names) {
    for (String line : text(process, "maps").orElse("").split("\n", -1)) {
      int path = line.indexOf('/');
      if (path > 0 && names.stream().anyMatch(line::contains)) {
        return List.of(root.resolve(process + "/root" + line.substring(path)));
      }
    }
    return List.of();
  }

  /**
   * The path of an open file; empty if the descriptor stands for another one by now. The number is
   * read after the path, for a descriptor does not come back to the file it left.
   */
  Optional<String> openFile(int process, int descriptor, long number) {
    Optional<String> path = link(process, "fd/" + descriptor);
    return fileNumber(process, descriptor).equals(Optional.of(number)) ? path : Optional.empty();
  }

  /** As the kernel numbers it, which layered file systems do not show in {@code stat}. */
  private Optional<Long> fileNumber(int process, int descriptor) {
    for (String line : text(process, "fdinfo/" + descriptor).orElse("").split("\n", -1)) {
      if (line.startsWith(FILE_NUMBER)) {
        return Optional.of(Long.parseLong(line.substring(FILE_NUMBER.length()).strip()));
      }
    }
    try { // Linux before 5.14
      Path file = root.resolve(process + "/fd/" + descriptor);
      return Optional.of((Long) Files.getAttribute(file, "unix:ino"));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** The first bytes of the executable. */
  byte[] executableStart(int process, int bytes) {
    try (var in = Files.newInputStream(root.resolve(process + "/exe"))) {
      return in.readNBytes(bytes);
    } catch (IOException gone) {
      return new byte[0];
    }
  }

  private Optional<String> link(int process, String name) {
    try {
      return Optional.of(Files.readSymbolicLink(root.resolve(process + "/" + name)).toString());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private Optional<String> text(int process, String name) {
    try {
      byte[] bytes = Files.readAllBytes(root.resolve(process + "/" + name));
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
