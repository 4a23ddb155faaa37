package dev.troth.cli.demo;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.observe.kernel.Capabilities;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running demo: the platform, the four services and the traffic, each a process of its own.
 *
 * <p>Nothing outlives it. Closing it ends the processes in turn, those that send before those that
 * receive; and should this process be killed, each of them notices that its input closes, and ends.
 */
final class Demo implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** The customers are ready once the services answer them in time. */
  private static final Duration WARM = Duration.ofMinutes(3);

  private static final Duration STOP = Duration.ofSeconds(5);

  /** From here on an order is one that the demo's user is told of. */
  private static final int BIG_ORDER_CENTS = 15_000;

  private final DemoPlan plan;
  private final Processes processes;
  private final PrintWriter out;
  private final DemoFile file;
  private final DemoMail mail;
  private final List<Child> children = new ArrayList<>();
  private final BlockingQueue<Child> dead = new LinkedBlockingQueue<>();
  private final AtomicReference<String> tally = new AtomicReference<>("");
  private volatile boolean stopping;

  private Demo(DemoPlan plan, Path root, Class<?> main, PrintWriter out) {
    this.plan = plan;
    this.out = out;
    this.processes = new Processes(plan, root, main);
    this.file = DemoFile.claim(plan);
    try {
      this.mail = DemoMail.open(plan.mailboxPort());
    } catch (CommandException e) {
      file.close();
      throw e;
    }
  }

  /** Starts all of it; when a part cannot start, what runs is stopped and the reason is thrown. */
  static Demo start(DemoPlan plan, Path root, Class<?> main, PrintWriter out) {
    Demo demo = new Demo(plan, root, main, out);
    Thread hook = Thread.ofPlatform().unstarted(demo::close);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      demo.start();
      return demo;
    } catch (RuntimeException e) {
      demo.close();
      throw e;
    }
  }

  private void start() {
    plan.ports().moved().forEach(reason -> out.println("  (" + reason + ")"));
    List<URI> consoles = platforms();
    URI console = consoles.getFirst();
    // Where there are two, what the handler tells the one, the consumer hears of the other.
    URI bus = consoles.getLast();
    publishContract(console);
    boolean observed = observed();
    if (observed) {
      processes.areObserved();
    }
    Child store = run(processes.store());
    URI storeUri = uri(store);
    Child handler = run(processes.handler(storeUri, bus));
    Child consumer = run(processes.consumer(console));
    URI handlerUri = uri(handler);
    DemoKey key = DemoKey.in(plan.folder(), Instant.now());
    Child api = run(processes.api(handlerUri, key));
    URI consumerUri = uri(consumer);
    URI apiUri = uri(api);
    if (file.first("watches" + engine())) {
      watch(console);
    }
    if (file.first("mail" + engine())) {
      mail.subscribe(console);
    }
    mail.takeWebhooks(console);
    if (file.first("objectives" + engine())) {
      var _ =
          new ApiClient(console, Optional.empty())
              .post("/api/watches", Map.of("target", "slo/*", "channels", mail.channels()));
    }
    Child traffic = run(processes.traffic(apiUri, key, tally::set));
    URI trafficUri = address(traffic.port(WARM));
    file.write(
        new DemoFile.Addresses(
            ProcessHandle.current().pid(),
            consoles,
            apiUri,
            handlerUri,
            storeUri,
            consumerUri,
            trafficUri,
            mail.uri(),
            mail.webhook(),
            observed ? "agent" : "services"));
    children.forEach(this::watchOver);
  }

  /** The platform; or several, one after the other, on a database that is started before. */
  private List<URI> platforms() {
    Optional<String> store = Optional.empty();
    if (plan.replicas() > 1) {
      DemoDatabase database = DemoDatabase.prepare(plan);
      Child server = run(database.server());
      if (!server.says(DemoDatabase.readyWords(), START)) {
        throw CommandException.failed(
            "cannot start the database: %s (in %s)".formatted(server.lastWords(), server.log()));
      }
      out.printf("  %-9s PostgreSQL at 127.0.0.1:%d%n", server.name(), database.port());
      store = Optional.of(database.url());
    }
    List<URI> consoles = new ArrayList<>();
    for (int number = 0; number < plan.replicas(); number++) {
      consoles.add(uri(run(processes.platform(number, mail.settings(), store))));
    }
    return consoles;
  }

  /** What was done once on one database is to be done on the other, too. */
  private String engine() {
    return plan.replicas() > 1 ? "-postgres" : "";
  }

  /** Has an agent watch from outside, if that is wished and allowed; if not, says why. */
  private boolean observed() {
    if (!plan.agent() || plan.ports().orders() == 0) {
      return false;
    }
    Optional<String> missing = Capabilities.missing();
    if (missing.isEmpty()) {
      Child agent = run(processes.agent());
      if (agent.says("attached", START)) {
        out.println("  agent     watches the services from outside, their code unchanged");
        return true;
      }
      missing = Optional.of(agent.lastWords());
      children.remove(agent);
      agent.end(STOP);
    }
    out.println(
        "  (no agent watches, so the services send their own spans: " + missing.get() + ")");
    return false;
  }

  private void watchOver(Child child) {
    var _ =
        child
            .ended()
            .thenRun(() -> {
              if (!stopping) {
                dead.add(child);
              }
            });
  }

  private synchronized Child run(Child.Spec spec) {
    if (stopping) {
      throw CommandException.failed("stopped while it was starting");
    }
    Child child = Child.start(spec, plan.logs());
    children.add(child);
    return child;
  }

  private URI uri(Child child) {
    URI uri = address(child.port(START));
    out.printf("  %-9s %s%n", child.name(), uri);
    out.flush();
    return uri;
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The contract of the event, in the registry before any service asks for it. */
  private void publishContract(URI console) {
    Object contract = JsonMapper.shared().readValue(processes.contract(), Object.class);
    ApiClient.Answer answer =
        new ApiClient(console, Optional.empty())
            .ask("/api/v1/schemas/order_placed/versions?register=true", contract);
    Registration said = answer.as(Registration.class);
    if (!said.registered()) {
      throw CommandException.failed(
          "the registry does not take order_placed: %s".formatted(said.reason()));
    }
  }

  private record Registration(boolean registered, @Nullable String reason) {}

  /** So that there is something to be told of: big orders, and the demo record. */
  private static void watch(URI console) {
    ApiClient platform = new ApiClient(console, Optional.empty());
    var _ =
        platform.post(
            "/api/watches",
            Map.of("target", "order/*", "filter", "amountCents >= " + BIG_ORDER_CENTS));
    var _ = platform.post("/api/watches", Map.of("target", "record/1"));
  }

  DemoFile.Addresses addresses() {
    return DemoFile.read(plan.data())
        .orElseThrow(() -> new IllegalStateException("the demo has not started"));
  }

  /** What the traffic last said of itself: one line of JSON, empty before the first. */
  String tally() {
    return String.valueOf(tally.get());
  }

  /** Waits for a process that ends of itself; throws and names it when one does. */
  void expectAllAlive(Duration within) throws InterruptedException {
    Child child = dead.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (child != null) {
      throw CommandException.failed(
          "%s has ended with exit code %d, so the demo ends; its last words: %s (in %s)"
              .formatted(
                  child.name(), child.ended().join().exitValue(), child.lastWords(), child.log()));
    }
  }

  /** Ends the processes, the last started first. */
  @Override
  public synchronized void close() {
    stopping = true;
    children.reversed().forEach(child -> child.end(STOP));
    children.clear();
    mail.close();
    file.close();
  }
}
