package dev.troth.observe.discovery;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds out what a process is: its runtime, its service name, its resource attributes. */
final class Description {
  private static final int GO_NOTE_WITHIN = 8_192;
  private static final Set<String> INLINE =
      Set.of("-e", "-p", "-pe", "-c", "-r", "--eval", "--print");

  /** {@code nginx: worker process}, {@code redis-server 127.0.0.1:6379}. */
  private static final Pattern TITLE_END = Pattern.compile("[:\\s]");

  private final ProcessTable table;
  private final String host;

  Description(ProcessTable table, String host) {
    this.table = table;
    this.host = host;
  }

  /** The process as a target; empty when it has ended. */
  Optional<Target> describe(int process, Selector selector, Pods pods) {
    Optional<Long> start = table.startTicks(process);
    Optional<String> executable = table.executable(process);
    if (start.isEmpty() || executable.isEmpty()) {
      return Optional.empty();
    }
    RuntimeKind runtime = runtime(process, executable.get());
    Map<String, String> resource = new TreeMap<>();
    table
        .environment(process, "OTEL_RESOURCE_ATTRIBUTES")
        .ifPresent(text -> resource.putAll(ResourceText.parse(text)));
    String service =
        selector
            .name()
            .or(() -> table.environment(process, "OTEL_SERVICE_NAME"))
            .filter(name -> !name.isBlank())
            .or(() -> Optional.ofNullable(resource.get("service.name")))
            .orElseGet(() -> guess(process, runtime, executable.get()));
    service = Shown.text(service);
    if (table.executable(process).isEmpty()) {
      // It ended meanwhile, and what it was started with was gone before its executable was.
      return Optional.empty();
    }
    resource.put("service.name", service);
    selector.namespace().ifPresent(name -> resource.put("service.namespace", name));
    resource.putIfAbsent("service.instance.id", host + ":" + process);
    resource.put("process.pid", Integer.toString(process));
    resource.put("process.executable.path", executable.get());
    resource.put("process.executable.name", fileName(executable.get()));
    resource.put("host.name", host);
    resource.put("os.type", "linux");
    if (!runtime.language().isEmpty()) {
      resource.put("telemetry.sdk.language", runtime.language());
    }
    resource.put("telemetry.sdk.name", "troth-observe");
    container(process, pods, resource);
    return Optional.of(new Target(process, start.get(), runtime, service, resource));
  }

  private void container(int process, Pods pods, Map<String, String> resource) {
    Container container = Container.of(table.controlGroups(process));
    container.id().ifPresent(id -> resource.put("container.id", id));
    container.pod().ifPresent(uid -> resource.put("k8s.pod.uid", uid));
    PodNames names = pods.of(process, container);
    names.namespace().ifPresent(name -> resource.put("k8s.namespace.name", name));
    names.pod().ifPresent(name -> resource.put("k8s.pod.name", name));
    names.container().ifPresent(name -> resource.put("k8s.container.name", name));
  }

  private RuntimeKind runtime(int process, String executable) {
    String name = fileName(executable);
    if (name.equals("java") || table.maps(process, "libjvm.so")) {
      return RuntimeKind.JAVA;
    }
    if (name.equals("node") || name.equals("bun") || name.equals("deno")) {
      return RuntimeKind.NODE;
    }
    if (name.startsWith("python")) {
      return RuntimeKind.PYTHON;
    }
    if (name.startsWith("ruby")) {
      return RuntimeKind.RUBY;
    }
    if (name.startsWith("php")) {
      return RuntimeKind.PHP;
    }
    if (name.equals("dotnet")) {
      return RuntimeKind.DOTNET;
    }
    byte[] start = table.executableStart(process, GO_NOTE_WITHIN);
    return new String(start, StandardCharsets.ISO_8859_1).contains("Go build ID")
            || new String(start, StandardCharsets.ISO_8859_1).contains("\u0004\0\0\0Go\0\0")
        ? RuntimeKind.GO
        : RuntimeKind.OTHER;
  }

  /** A name from what was started: the jar or class, the script, else the program. */
  private String guess(int process, RuntimeKind runtime, String executable) {
    List<String> arguments = table.arguments(process);
    String started =
        switch (runtime) {
          case JAVA -> javaMain(arguments);
          case NODE, PYTHON, RUBY, PHP -> script(arguments);
          case GO, DOTNET, OTHER -> "";
        };
    return started.isEmpty() ? program(process, executable, arguments) : started;
  }

  /**
   * The name under which a program was started, which its executable need not have: {@code
   * redis-server} may be a link to a file of another name. A program that writes its title there
   * begins it with its name.
   */
  private String program(int process, String executable, List<String> arguments) {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    if (fileName(first).equals(fileName(executable))) {
      return fileName(executable);
    }
    String title = fileName(TITLE_END.split(first, 2)[0]);
    String name = title.startsWith("-") ? title.substring(1) : title;
    return !name.isEmpty()
        ? name
        : table
            .threadName(process, process)
            .filter(text -> !text.isEmpty())
            .orElse(fileName(executable));
  }

  private static String javaMain(List<String> arguments) {
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "-jar" -> {
          return i + 1 < arguments.size() ? withoutSuffix(fileName(arguments.get(i + 1))) : "";
        }
        case "-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules" -> i++;
        case "-m", "--module" -> {
          return i + 1 < arguments.size() ? afterLast(arguments.get(i + 1), '/') : "";
        }
        default -> {
          if (!argument.startsWith("-") && !argument.startsWith("@")) {
            return argument.endsWith(".java")
                ? withoutSuffix(fileName(argument))
                : afterLast(argument, '.');
          }
        }
      }
    }
    return "";
  }

  private static String script(List<String> arguments) {
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("-m") && i + 1 < arguments.size()) {
        return arguments.get(i + 1);
      }
      if (INLINE.contains(argument)) {
        return ""; // the next argument is the program itself
      }
      if (!argument.startsWith("-")) {
        return withoutSuffix(fileName(argument));
      }
    }
    return "";
  }

  private static String fileName(String path) {
    return afterLast(path, '/');
  }

  private static String afterLast(String text, char separator) {
    return text.substring(text.lastIndexOf(separator) + 1);
  }

  private static String withoutSuffix(String file) {
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
