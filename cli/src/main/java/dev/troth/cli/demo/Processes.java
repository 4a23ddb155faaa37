package dev.troth.cli.demo;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.demo.Child.Spec;
import dev.troth.server.config.ValueType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The command lines of the demo's processes, all run by the java that runs this one. */
final class Processes {
  private final DemoPlan plan;
  private final Path root;
  private final Path ordersJar;
  private final Class<?> main;
  private final Path objectives;
  private final Path tokens;
  private final int otlpPort;
  private boolean observed;

  /**
   * The example is found below the root of the repository, or in the folder of a release.
   *
   * @param main runs the {@code troth} command
   */
  Processes(DemoPlan plan, Path root, Class<?> main) {
    this.plan = plan;
    this.root = root;
    this.main = main;
    this.objectives = root.resolve("examples/orders/slo.yaml");
    this.tokens = root.resolve("examples/orders/slo-tokens.yaml");
    this.otlpPort = plan.ports().otlp() == 0 ? DemoPorts.anyFree() : plan.ports().otlp();
    this.ordersJar =
        below(root, "app/orders/orders.jar", "examples/orders/target/orders/orders.jar");
    if (!Files.isRegularFile(ordersJar)) {
      throw CommandException.failed(
          "the orders example is not built: %s is missing, './build -DskipTests package' makes it"
              .formatted(ordersJar));
    }
  }

  /** The file of a release if it is there, else that of a checkout. */
  static Path below(Path root, String released, String built) {
    Path file = root.resolve(released);
    return Files.isRegularFile(file) ? file : root.resolve(built);
  }

  /**
   * One of the platforms.
   *
   * @param number from 0 on
   * @param mail the settings of its mail server
   * @param store where its database is; empty for the one in its data folder
   */
  Spec platform(int number, List<String> mail, Optional<String> store) {
    JvmFlags flags = JvmFlags.of(root, "up");
    List<String> java = java(flags.flags());
    java.addAll(sharedWithThisProcess());
    java.addAll(troth());
    java.addAll(
        List.of(
            "up",
            "--data",
            plan.platformFolder(number).toString(),
            "--port",
            Integer.toString(plan.ports().console() == 0 ? 0 : plan.ports().console() + number),
            "--auth-mode",
            "development",
            "--slo-files",
            ValueType.item(objectives.toString()) + "," + ValueType.item(tokens.toString()),
            "--events-validate",
            "report",
            "--slo-watermark",
            "5s",
            // The demo's clients ask under /registry; a platform beside it may have the usual port.
            "--registry-listen",
            "off",
            "--otlp-http",
            number == 0 ? Integer.toString(otlpPort) : "off",
            "--otlp-grpc",
            number > 0 || plan.ports().otlp() < 2 ? "off" : Integer.toString(otlpPort - 1)));
    java.addAll(mail);
    List<String> environment = new ArrayList<>(flags.environment());
    // Not an argument: it holds a password, and everybody sees the arguments of a process.
    store.ifPresent(url -> environment.add("TROTH_STORE_URL=" + url));
    return new Spec(number == 0 ? "platform" : "platform-" + (number + 1), environment, java);
  }

  /** The contract that the services take from the registry, once it is there. */
  byte[] contract() {
    Path file = root.resolve("examples/orders/contracts/order_placed.json");
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.failed("cannot read " + file + ": " + e.getMessage());
    }
  }

  /**
   * The agent that watches the services whose ports are known beforehand. The consumer is not among
   * them: it works on one long answer, which says nothing of the single events.
   */
  Spec agent() {
    Path configuration = plan.folder().resolve("agent.yaml");
    int first = plan.ports().orders();
    String text =
        """
        discovery:
          instrument:
            - {open_ports: "%d", name: orders-api}
            - {open_ports: "%d", name: orders-handler}
            - {open_ports: "%d", name: orders-store}
        routes:
          patterns: ["/orders", "/orders/{id}", "/api/events"]
        otlp:
          endpoint: http://127.0.0.1:%d
        """
            .formatted(first, first + 1, first + 2, otlpPort);
    try {
      Files.writeString(configuration, text);
    } catch (IOException e) {
      throw CommandException.failed("cannot write " + configuration + ": " + e.getMessage());
    }
    JvmFlags flags = JvmFlags.of(root, "observe");
    List<String> java = java(flags.flags());
    java.addAll(troth());
    java.addAll(List.of("observe", "run", "--config", configuration.toString()));
    return new Spec("agent", flags.environment(), java);
  }

  /** From here on the services leave it to the agent to tell of their requests. */
  void areObserved() {
    observed = true;
  }

  Spec store() {
    return service("store", 2, List.of("--faults", "--data", file("orders.db")));
  }

  Spec handler(URI store, URI platform) {
    return service(
        "handler",
        1,
        List.of(
            "--faults",
            "--store",
            store.toString(),
            "--bus",
            platform.toString(),
            "--registry",
            platform.toString()));
  }

  Spec api(URI handler, DemoKey key) {
    return service(
        "api", 0, List.of("--handler", handler.toString(), "--keys", key.keys().toString()));
  }

  Spec consumer(URI platform) {
    return service(
        "consumer",
        3,
        List.of(
            "--stream",
            platform.toString(),
            "--registry",
            platform.toString(),
            "--data",
            file("consumer.db")));
  }

  Spec traffic(URI api, DemoKey key, Consumer<String> heard) {
    List<String> java = example("traffic", "Traffic");
    java.addAll(
        List.of(
            "--api",
            api.toString(),
            "--token-file",
            key.token().toString(),
            "--faults",
            "--bad-tokens",
            key.badTokens().toString(),
            "--rate",
            Integer.toString(plan.rate()),
            "--seed",
            Integer.toString(plan.seed())));
    return new Spec("traffic", List.of(), java, heard);
  }

  private Spec service(String name, int number, List<String> arguments) {
    String main = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    List<String> java = example(name, main);
    java.addAll(plan.portOf(number));
    if (!observed || name.equals("consumer")) {
      java.addAll(List.of("--otel", "http://127.0.0.1:" + otlpPort));
    }
    java.addAll(arguments);
    if (plan.virtualThreads()) {
      java.add("--virtual-threads");
    }
    return new Spec(name, List.of(), java);
  }

  private static List<String> java(List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    return command;
  }

  private List<String> troth() {
    return List.of(
        "-D" + Tether.PROPERTY + "=true",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  private List<String> example(String name, String main) {
    List<String> java = java(JvmFlags.of(root, "service").flags());
    java.addAll(List.of("-cp", ordersJar.toString()));
    java.add("dev.troth.orders." + name + "." + main);
    java.add("--tethered");
    return java;
  }

  private String file(String name) {
    return plan.folder().resolve(name).toString();
  }

  /** The cache of classes and the repository's root, if this process was given them. */
  private static List<String> sharedWithThisProcess() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-XX:AOTCache=") || flag.startsWith("-Dtroth.home="))
        .toList();
  }
}
