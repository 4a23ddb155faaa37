package dev.troth.cli.demo.story;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Tells the demo's story while it happens: an order that gets all the way through, then one that
 * does not, who is told of it, and the recovery.
 *
 * <pre>{@code
 * try (Story story = new Story(scene, Failure.PUBLISH, new Waiting(out, limit), out)) {
 *   Ids ids = story.tell(true);
 * }
 * }</pre>
 */
public final class Story implements AutoCloseable {
  /** More than what an objective of the example takes for noise. */
  private static final int FAILING = 25;

  /** Longer than the story; it ends the fault itself. */
  private static final int FAULT_SECONDS = 600;

  private final Scene scene;
  private final Failure failure;
  private final Waiting waiting;
  private final Narration says;
  private final ApiClient platform;
  private final Customer customer;
  private final Posts posts;

  public Story(Scene scene, Failure failure, Waiting waiting, PrintWriter out) {
    this.scene = scene;
    this.failure = failure;
    this.waiting = waiting;
    this.says = new Narration(out);
    this.platform = new ApiClient(scene.console(), Optional.empty());
    this.customer = new Customer(scene.api());
    this.posts = new Posts(scene, waiting);
  }

  /**
   * Tells it.
   *
   * @param recovery whether to go on after the page, until all is well again
   * @throws CommandException naming the first thing that did not happen
   */
  public Ids tell(boolean recovery) {
    requireCalm();
    Customer.Placed placed = gate();
    Ids.Order order = new KeptOrder(scene, waiting, says).follow(placed);
    startFault();
    boolean mended = false;
    try {
      Customer.Placed failing = fail();
      String incident = burn(failing);
      Ids.Told fired = told("alert.fired", incident);
      mended = true;
      endFault();
      Ids.Failed failed = new Ids.Failed(failing.trace(), failure.objective(), incident);
      return new Ids(order, failed, fired, recovery ? List.of(recover(incident)) : List.of());
    } finally {
      if (!mended) {
        endFault();
      }
    }
  }

  private void requireCalm() {
    JsonNode objective = objective();
    if (!objective.path("incident").isNull()) {
      throw CommandException.failed(
          "objective %s burns already (%s): './troth demo fault off' ends the faults; begin when it has recovered"
              .formatted(failure.objective(), objective.path("incident").asString("")));
    }
  }

  private JsonNode objective() {
    return platform.get("/api/objectives/" + failure.objective()).document().path("objective");
  }

  private Customer.Placed gate() {
    says.step(
        "gate", "judges tokens at the front door", scene.console() + "/objectives/orders-tokens");
    Customer.Placed stranger = customer.place(Optional.empty());
    require(stranger.status() == 401, "an order without a token", "401", stranger);
    says.line("without one: 401, %s".formatted(stranger.detail()));
    Customer.Placed placed = customer.place(Optional.of(scene.narrator().token()));
    require(placed.status() == 201, "an order with a genuine token", "201", placed);
    says.line("with the token of %s: 201".formatted(scene.narrator().subject()));
    return placed;
  }

  private static void require(boolean holds, String what, String expected, Customer.Placed placed) {
    if (!holds) {
      throw CommandException.failed(
          "%s was answered %d (%s), expected %s"
              .formatted(what, placed.status(), placed.detail(), expected));
    }
  }

  private void startFault() {
    says.step(
        "fault", "%s: %s".formatted(failure, failure.what()), "./troth demo fault " + failure);
    Map<String, Object> wanted = new HashMap<>();
    wanted.put("fault", failure.toString());
    wanted.put("variant", failure.variant());
    wanted.put("seconds", FAULT_SECONDS);
    var _ = new ApiClient(scene.faulty(), Optional.empty()).post("/-/faults", wanted);
  }

  private void endFault() {
    var _ = new ApiClient(scene.faulty(), Optional.empty()).delete("/-/faults");
  }

  /** Orders that fail, whether other customers come or not; the first is followed. */
  private Customer.Placed fail() {
    String token =
        failure == Failure.BAD_TOKEN ? scene.narrator().badToken() : scene.narrator().token();
    Customer.Placed first = failing(token);
    says.line(
        "an order in trace %s is answered %d: %s"
            .formatted(
                first.trace(),
                first.status(),
                first.detail().isEmpty() ? "its customer sees nothing wrong" : first.detail()));
    for (int i = 1; i < FAILING; i++) {
      var _ = failing(token);
    }
    return first;
  }

  private Customer.Placed failing(String token) {
    Customer.Placed placed = customer.place(Optional.of(token));
    require(
        placed.status() == failure.status(),
        "an order with the fault " + failure,
        Integer.toString(failure.status()),
        placed);
    return placed;
  }

  private String burn(Customer.Placed failing) {
    String name = failure.objective();
    says.step("objective", "%s counts whole requests".formatted(name), link("/objectives/" + name));
    JsonNode bad =
        waiting.until(
            "the bad request of trace %s at objective %s".formatted(failing.trace(), name),
            () -> badRequest(failing.trace()));
    says.line("the request of trace %s is bad: %s".formatted(failing.trace(), why(bad)));
    JsonNode burning =
        waiting.until(
            "a page of objective " + name, () -> Optional.of(objective()).filter(Story::pages));
    String incident = burning.path("incident").asString("");
    says.step("incident", "%s is open".formatted(incident), link("/incidents"));
    says.line(burning.path("stateReason").asString(""));
    return incident;
  }

  private static boolean pages(JsonNode objective) {
    return objective.path("state").asString("").equals("page")
        && !objective.path("incident").isNull();
  }

  private Optional<JsonNode> badRequest(String trace) {
    return platform
        .get("/api/objectives/%s/requests?limit=500".formatted(failure.objective()))
        .document()
        .path("requests")
        .valueStream()
        .filter(request -> request.path("trace").asString("").equals(trace))
        .findFirst();
  }

  /** The step that failed or was never seen, and it must be the one of the fault. */
  private String why(JsonNode bad) {
    List<String> failed = bad.path("failed").valueStream().map(JsonNode::asString).toList();
    List<String> missing = bad.path("missing").valueStream().map(JsonNode::asString).toList();
    if (failure.step().isEmpty()) {
      if (!bad.path("slow").asBoolean(false)) {
        throw CommandException.failed("the bad request is not slow: " + bad);
      }
      return "too slow, %.0f ms".formatted(bad.path("millis").asDouble());
    }
    if (!failed.contains(failure.step()) && !missing.contains(failure.step())) {
      throw CommandException.failed(
          "the bad request names failed %s and missing %s, expected %s"
              .formatted(failed, missing, failure.step()));
    }
    return failed.contains(failure.step())
        ? "step %s failed".formatted(failure.step())
        : "step %s was never seen".formatted(failure.step());
  }

  /** How the developer was told of a change of the incident. */
  private Ids.Told told(String type, String incident) {
    says.step("told", "the developer watches slo/*", link("/inbox"));
    Ids.Told told = posts.of(type, "slo/" + failure.objective(), incident);
    says.line("inbox    change %d, %s of %s".formatted(told.seq(), type, incident));
    says.line("mail     %s  %s#%s".formatted(told.mail(), scene.mailbox(), told.mail()));
    says.line("webhook  %s  %s#%s".formatted(told.webhook(), scene.webhook(), told.webhook()));
    return told;
  }

  /** Good orders go on coming: without requests nobody can tell that all is well again. */
  private Ids.Told recover(String incident) {
    says.step(
        "recovery",
        "the fault is over, and orders get through again",
        link("/objectives/" + failure.objective()));
    var _ =
        waiting.until(
            "the end of the page of " + incident,
            () -> {
              var _ = customer.place(Optional.of(scene.narrator().token()));
              return Optional.of(objective())
                  .filter(now -> !now.path("state").asString("").equals("page"));
            });
    JsonNode left = objective().path("incident");
    says.line(
        left.isNull()
            ? "the page is over, and incident %s with it".formatted(incident)
            : "the page is over; incident %s goes on as a ticket until its longer windows are quiet"
                .formatted(incident));
    return told("alert.resolved", incident);
  }

  private String link(String path) {
    return scene.console() + path;
  }

  @Override
  public void close() {
    customer.close();
  }
}
