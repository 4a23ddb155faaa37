package dev.troth.cli.demo.story;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.contracts.Contract;
import dev.troth.contracts.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An order that was taken, followed to where it is kept, told, seen and counted. */
final class KeptOrder {
  /** What a request looks like that gets all the way: each span by its service and name. */
  private static final List<String> WAY =
      List.of(
          "orders-api POST /orders",
          "orders-handler POST /orders",
          "orders-handler PUT /orders/",
          "orders-handler POST /api/events");

  private final Scene scene;
  private final Waiting waiting;
  private final Narration says;
  private final ApiClient platform;

  KeptOrder(Scene scene, Waiting waiting, Narration says) {
    this.scene = scene;
    this.waiting = waiting;
    this.says = says;
    this.platform = new ApiClient(scene.console(), Optional.empty());
  }

  Ids.Order follow(Customer.Placed placed) {
    String order = placed.order();
    says.step("order", "%s is taken".formatted(order), scene.api() + "/orders/" + order);
    JsonNode kept =
        new ApiClient(scene.store(), Optional.empty()).get("/orders/" + order).document();
    says.line(
        "the database holds it: %s cents of %s"
            .formatted(kept.path("amountCents").asString(""), kept.path("customer").asString("")));
    JsonNode change = event(order);
    String schema = contract(change);
    trace(placed.trace(), change);
    return new Ids.Order(
        scene.narrator().subject(),
        order,
        change.path("event").path("id").asString(""),
        schema,
        placed.trace());
  }

  private JsonNode event(String order) {
    JsonNode change =
        waiting.until(
            "the event of order " + order,
            () ->
                platform
                    .get("/api/subjects/changes?target=order/" + order)
                    .document()
                    .path("items")
                    .valueStream()
                    .findFirst());
    JsonNode event = change.path("event");
    says.step(
        "event",
        "%s is change %s".formatted(event.path("id").asString(""), change.path("seq").asString("")),
        scene.console() + "/subjects/order/" + order);
    require("authid of the event", scene.narrator().subject(), event.path("authid").asString(""));
    says.line("for %s, whom the gate let in".formatted(scene.narrator().subject()));
    return change;
  }

  /** The version of the contract that the event names, which its data keeps. */
  private String contract(JsonNode change) {
    String schema = URI.create(change.path("event").path("dataschema").asString("")).getPath();
    JsonNode version = platform.get(schema).document();
    String subject = version.path("subject").asString("");
    String bundle = version.path("metadata").path("properties").path("troth.contract").asString("");
    Verdict verdict =
        Contract.read(bundle.getBytes(StandardCharsets.UTF_8))
            .validator()
            .validate(change.path("after").toString().getBytes(StandardCharsets.UTF_8));
    if (!verdict.valid()) {
      throw CommandException.failed(
          "the event of %s breaks %s: %s".formatted(change.path("subject"), schema, verdict));
    }
    says.step(
        "contract",
        "the event keeps version %s of %s".formatted(version.path("version").asString(""), subject),
        scene.console() + "/contracts/" + subject);
    says.line("as the event says: " + schema);
    return schema;
  }

  private void trace(String trace, JsonNode change) {
    String by =
        scene.spans().equals("agent")
            ? "by the agent, from the kernel"
            : "by the services themselves, over OTLP";
    says.step("trace", "spans are told " + by, scene.console() + "/traces/" + trace);
    JsonNode found = waiting.until("the spans of trace " + trace, () -> whole(trace));
    String traceparent = change.path("event").path("traceparent").asString("");
    require(
        "trace of the event", trace, traceparent.substring(3, Math.min(35, traceparent.length())));
    says.line(
        "%d spans, and the event names trace %s".formatted(found.path("spans").size(), trace));
    says.step("objective", "orders counts the request", scene.console() + "/objectives/orders");
    JsonNode verdict =
        waiting.until(
            "a verdict on trace " + trace,
            () -> verdict(platform.get("/api/traces/" + trace).document()));
    require("the verdict on trace " + trace, "good", verdict.path("outcome").asString(""));
    says.line("it is good: every step succeeded");
  }

  private Optional<JsonNode> whole(String trace) {
    return platform
        .find("/api/traces/" + trace, JsonNode.class)
        .filter(found -> {
          List<String> names =
              found
                  .path("spans")
                  .valueStream()
                  .map(span ->
                      span.path("service").asString("") + " " + span.path("name").asString(""))
                  .toList();
          return WAY.stream()
              .allMatch(step -> names.stream().anyMatch(name -> name.startsWith(step)));
        });
  }

  private static Optional<JsonNode> verdict(JsonNode trace) {
    return trace
        .path("verdicts")
        .valueStream()
        .filter(one -> one.path("objective").asString("").equals("orders"))
        .findFirst();
  }

  private static void require(String what, String expected, String found) {
    if (!found.equals(expected)) {
      throw CommandException.failed("%s is '%s', expected '%s'".formatted(what, found, expected));
    }
  }
}
