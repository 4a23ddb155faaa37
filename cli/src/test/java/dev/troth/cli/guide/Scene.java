package dev.troth.cli.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One shell in a folder of its own, to which the commands of a guide are given one after another.
 *
 * <p>The ports that guides name stand for free ones: they are replaced in commands, and put back in
 * what was printed. Lines of a platform's log are left out of what was printed.
 */
final class Scene implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final List<Integer> PORTS = List.of(3000, 4000, 4317, 4318, 8081);
  private static final String TROTH =
      """
      #!/bin/sh
      case "$1" in
        up)
          export TROTH_HTTP_LISTEN=%d TROTH_OTLP_GRPC=%d TROTH_OTLP_HTTP=%d
          export TROTH_REGISTRY_LISTEN=%d ;;
        gate) export PORT=%d ;;
        config|demo) ;;
        *) export TROTH_SERVER=http://127.0.0.1:%d ;;
      esac
      exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -cp "$TEST_CLASS_PATH" dev.troth.cli.Troth "$@"
      """;

  private final Path folder;
  private final Path outputs;
  private final Map<Integer, Integer> ports = new LinkedHashMap<>();
  private final List<ProcessHandle> services = new ArrayList<>();
  private final Process shell;
  private final BufferedWriter commands;
  private int count;

  /**
   * A shell in this folder, which has to exist.
   *
   * @param outputs an existing folder outside of it
   */
  Scene(Path folder, Path outputs) throws IOException {
    this.folder = folder;
    this.outputs = outputs;
    List<ServerSocket> taken = new ArrayList<>();
    for (int port : PORTS) {
      ServerSocket socket = new ServerSocket(0);
      taken.add(socket);
      ports.put(port, socket.getLocalPort());
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
    Path troth = folder.resolve("troth");
    Files.writeString(
        troth,
        TROTH.formatted(
            ports.get(4000),
            ports.get(4317),
            ports.get(4318),
            ports.get(8081),
            ports.get(3000),
            ports.get(4000),
            Path.of(System.getProperty("java.home"), "bin", "java")));
    if (!troth.toFile().setExecutable(true)) {
      throw new IOException(troth + " cannot be made executable");
    }
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--noprofile", "--norc")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(outputs.resolve("shell").toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name -> name.matches("(GIT|TROTH|GATE|JWT|PG|AWS|JAVA)_?.*|PORT|HOST"));
    environment.put("TEST_CLASS_PATH", System.getProperty("java.class.path"));
    // As on a terminal, where curl draws no progress into what it prints.
    Files.writeString(outputs.resolve(".curlrc"), "silent\nshow-error\n");
    environment.put("HOME", outputs.toString());
    environment.put("PATH", folder + ":" + System.getenv("PATH"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "Ada");
      environment.put("GIT_" + who + "_EMAIL", "ada@example.org");
    }
    shell = builder.start();
    commands = shell.outputWriter(UTF_8);
  }

  /**
   * Runs a command to its end, a service until it has printed what it should, and a question until
   * it is answered so.
   *
   * @return what it printed
   */
  String run(Step step) throws IOException {
    if (step.isInterrupt()) {
      ProcessHandle newest = services.removeLast();
      newest.destroy();
      newest.onExit().completeOnTimeout(newest, 20, TimeUnit.SECONDS).join();
      return "";
    }
    Instant end = Instant.now().plus(PATIENCE);
    String printed = once(step);
    while (step.isQuestion()
        && !new Printed(step.printed()).matches(printed)
        && Instant.now().isBefore(end)) {
      printed = once(step);
    }
    return printed;
  }

  private String once(Step step) throws IOException {
    String number = "%03d".formatted(++count);
    Path output = outputs.resolve(number + ".out");
    Path ended = outputs.resolve(number + ".ended");
    String begun = "{ " + actual(step.command()) + "\n} >'" + output + "' 2>&1 </dev/null";
    if (step.isService()) {
      Path process = outputs.resolve(number + ".pid");
      give(
          "%s & echo $! >'%s.new'; mv '%s.new' '%s'\n".formatted(begun, process, process, process));
      await(() -> Files.exists(process));
      Optional<ProcessHandle> service =
          ProcessHandle.of(Long.parseLong(Files.readString(process).strip()));
      Printed printed = new Printed(step.printed());
      await(() ->
          service.filter(ProcessHandle::isAlive).isEmpty() || printed.matches(printedIn(output)));
      service.ifPresent(
          shell -> services.add(shell.descendants().reduce(shell, (older, newer) -> newer)));
      return printedIn(output);
    }
    give("%s; echo $? >'%s.new'; mv '%s.new' '%s'\n".formatted(begun, ended, ended, ended));
    await(() -> Files.exists(ended) || !shell.isAlive());
    String printed = printedIn(output);
    if (!Files.exists(ended)) {
      return printed
          + "the command did not end, or the shell did:\n"
          + read(outputs.resolve("shell"));
    }
    return step.compared() ? printed : printed + "exit " + Files.readString(ended);
  }

  private void give(String text) throws IOException {
    commands.write(text);
    commands.flush();
  }

  private static void await(BooleanSupplier condition) {
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(10))
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException late) {
      // What was printed until then is compared, and tells more than this would.
    }
  }

  private String actual(String command) {
    String text = command;
    for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
      text =
          text.replaceAll(
              "(localhost|127\\.0\\.0\\.1):" + port.getKey() + "\\b", "$1:" + port.getValue());
    }
    return text;
  }

  private String printedIn(Path output) {
    String text =
        read(output)
            .lines()
            .filter(line -> !line.startsWith("{\"at\":"))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
      text = text.replaceAll(":" + port.getValue() + "\\b", ":" + port.getKey());
    }
    return text;
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, UTF_8) : "";
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The platforms that use a data folder of this scene: a setup leaves one behind. */
  private List<ProcessHandle> platforms() throws IOException {
    List<ProcessHandle> platforms = new ArrayList<>();
    try (Stream<Path> locks =
        Files.find(folder, 2, (file, unused) -> file.endsWith("troth.lock"))) {
      for (Path lock : locks.toList()) {
        String process = read(lock).strip();
        if (process.matches("\\d+")) {
          ProcessHandle.of(Long.parseLong(process)).ifPresent(platforms::add);
        }
      }
    }
    return platforms;
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> all =
        Stream.of(shell.descendants(), services.stream(), platforms().stream())
            .flatMap(some -> some)
            .distinct()
            .toList();
    all.forEach(ProcessHandle::destroy);
    try {
      for (ProcessHandle one : all) {
        one.onExit().completeOnTimeout(one, 20, TimeUnit.SECONDS).join();
        one.destroyForcibly();
      }
    } finally {
      shell.destroyForcibly();
      commands.close();
    }
  }
}
