package dev.troth.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth demo}: the platform with a small system to look after, until Ctrl-C. */
@Command(
    name = "demo",
    description =
        "Runs the platform, four order services and their customers; 'demo cart' runs a shop whose"
            + " cart islands share.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {DemoStoryCommand.class, DemoFaultCommand.class, DemoCartCommand.class})
public final class DemoCommand implements Callable<Integer> {
  private static final int MOST_REPLICAS = 2;
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Class<?> troth;

  @Spec private @Nullable CommandSpec spec;

  /**
   * @param troth the class whose main method runs the {@code troth} command
   */
  public DemoCommand(Class<?> troth) {
    this.troth = troth;
  }

  /** Only to say what there is: a sub-command that is known never comes here. */
  @Parameters(arity = "0..1", hidden = true)
  private @Nullable String other;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder that holds all state (default: ${DEFAULT-VALUE}).",
      defaultValue = "./troth-data")
  private Path data = Path.of("troth-data");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "The port of the console and the API (default: 4000, or a free one; 0: any). A port that"
              + " is named and taken is an error.")
  private @Nullable Integer port;

  @Option(
      names = "--orders-port",
      paramLabel = "PORT",
      description =
          "The port of the first order service; three more and the mailbox follow (default: 4100, or"
              + " free ones; 0: any).")
  private @Nullable Integer ordersPort;

  @Option(
      names = "--otlp-port",
      paramLabel = "PORT",
      description =
          "The port that takes spans over HTTP, gRPC one below (default: 4318, or a free one;"
              + " 0: any, without gRPC).")
  private @Nullable Integer otlpPort;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description =
          "How many platforms share the work, 1 or 2; two on a PostgreSQL that the demo starts"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int replicas;

  @Option(
      names = "--postgres",
      paramLabel = "DIR",
      description =
          "The folder of PostgreSQL's programs (default: that of the newest in"
              + " /usr/lib/postgresql).")
  private @Nullable Path postgres;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed of the orders (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int seed;

  @Option(
      names = "--virtual-threads",
      description = "Services work on virtual threads, which an agent outside cannot tell apart.")
  private boolean virtualThreads;

  @Option(
      names = "--no-agent",
      description = "Services send their spans themselves, even if an agent may watch them.")
  private boolean noAgent;

  @Override
  public Integer call() throws InterruptedException {
    if (other != null) {
      throw CommandException.usage(
          "there is no demo '%s', expected cart, fault, story, or none for the orders"
              .formatted(other));
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    DemoPlan plan = plan();
    out.println("Starting the demo; its logs are in " + plan.logs());
    out.flush();
    try (Demo demo = Demo.start(plan, root(), troth, out)) {
      explain(out, plan, demo.addresses());
      follow(out, demo);
    }
    return ExitCode.OK;
  }

  private DemoPlan plan() {
    require("--port", port, 0, 65_535);
    require("--orders-port", ordersPort, 0, 65_531);
    require("--otlp-port", otlpPort, 0, 65_535);
    require("--replicas", replicas, 1, MOST_REPLICAS);
    if (postgres != null && replicas == 1) {
      throw CommandException.usage("--postgres is for --replicas 2: one platform needs no server");
    }
    require("--rate", rate, 0, 1_000);
    require("--seed", seed, 0, Integer.MAX_VALUE);
    return new DemoPlan(
        data.normalize(),
        DemoPorts.choose(new DemoPorts.Wanted(port, ordersPort, otlpPort), replicas),
        replicas,
        Optional.ofNullable(postgres),
        rate,
        seed,
        virtualThreads,
        !noAgent);
  }

  private static void require(String option, @Nullable Integer value, int least, int most) {
    if (value != null && (value < least || value > most)) {
      throw CommandException.usage(
          "%s is %d, expected %d to %d".formatted(option, value, least, most));
    }
  }

  private static Path root() {
    String home = System.getProperty("troth.home");
    if (home == null) {
      throw CommandException.failed(
          "the demo needs the repository with the orders example: run it as ./troth demo");
    }
    return Path.of(home);
  }

  private void explain(PrintWriter out, DemoPlan plan, DemoFile.Addresses at) {
    String where = plan.data().equals(Path.of("troth-data")) ? "" : " --data " + data;
    out.printf(
        """

        The demo is running: orders flow at %d requests a second, and you (the developer)
        watch the big ones and record 1.

          Console    %s, with a tour at %s/tour
          Orders     %s/orders, with the token in %s
          Consumer   %s/counts
          Mailbox    %s, where mail about the objectives arrives; webhooks at %s

        In another terminal:
          ./troth demo story%s
                     one order and one failure, followed through every room by their ids
          ./troth demo fault publish --for 2m%s
                     events are lost behind a 201; also slow-db, bad-payload, bad-token, retries
          ./troth watch inbox --server %s
                     what you have been told
          ./troth slo lint examples/orders/slo.yaml
                     what is wrong with an objective, or with a CloudFormation template
          ./troth slo export cloudformation examples/orders/slo.yaml orders
                     the objective as CloudWatch alarms and a dashboard

        Ctrl-C ends all of it; the next start goes on with the data in %s.
        """,
        rate,
        at.console(),
        at.console(),
        at.api(),
        plan.data().resolve("demo/orders.token"),
        at.consumer(),
        at.mailbox(),
        at.webhook(),
        where,
        where,
        at.console(),
        plan.data());
    out.flush();
  }

  @SuppressWarnings("SystemConsoleNull") // it is null without a terminal, by default
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Shows how it goes, on a terminal in one line that is written anew each second. */
  private static void follow(PrintWriter out, Demo demo) throws InterruptedException {
    boolean live = onTerminal();
    StatusLine status = new StatusLine(demo, Clock.systemUTC());
    try {
      while (true) {
        demo.expectAllAlive(TICK);
        if (live) {
          out.print("\r\u001b[2K" + status.read());
          out.flush();
        }
      }
    } finally {
      if (live) {
        out.println();
        out.flush();
      }
    }
  }
}
