package dev.troth.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.demo.story.Failure;
import dev.troth.cli.demo.story.Ids;
import dev.troth.cli.demo.story.Story;
import dev.troth.cli.demo.story.Waiting;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Asks the rooms of a running demo whether the ids of its story link them. */
final class StoryLinks {
  private final DemoFile.Addresses at;

  StoryLinks(DemoFile.Addresses at) {
    this.at = at;
  }

  /** Tells it to its end, or until the developer was told of the page. */
  static Ids tell(DemoFile.Addresses at, Path data, Failure failure, boolean recovery) {
    PrintWriter out = new PrintWriter(new StringWriter());
    Waiting waiting = new Waiting(out, Duration.ofMinutes(recovery ? 8 : 3));
    try (Story story =
        new Story(DemoStoryCommand.scene(at, data, failure), failure, waiting, out)) {
      return story.tell(recovery);
    }
  }

  /** Token → order → event → contract → trace → objective. */
  void assertKept(Ids.Order order) {
    JsonNode changes = items("/api/subjects/changes?target=order/" + order.order());
    assertThat(changes).hasSize(1);
    JsonNode event = changes.path(0).path("event");
    assertThat(event.path("authid").asString()).isEqualTo(order.subject()).startsWith("story-");
    assertThat(event.path("id").asString()).isEqualTo(order.event());
    assertThat(URI.create(event.path("dataschema").asString()).getPath())
        .isEqualTo("/registry/subjects/order_placed-value/versions/1")
        .isEqualTo(order.schema());
    assertThat(event.path("traceparent").asString()).contains(order.trace());
    JsonNode stored = get(at.store(), "/orders/" + order.order());
    assertThat(stored.path("orderId").asString()).isEqualTo(order.order());
    assertThat(get(at.console(), "/api/traces/" + order.trace()).path("verdicts"))
        .anySatisfy(verdict -> {
          assertThat(verdict.path("objective").asString()).isEqualTo("orders");
          assertThat(verdict.path("outcome").asString()).isEqualTo("good");
        });
  }

  /** Trace → objective → incident. */
  void assertFailed(Ids.Failed failed, String step) {
    String bad =
        "/api/objectives/%s/requests?step=%s&limit=500".formatted(failed.objective(), step);
    assertThat(get(at.console(), bad).path("requests"))
        .anySatisfy(
            request -> assertThat(request.path("trace").asString()).isEqualTo(failed.trace()));
    JsonNode incident = get(at.console(), "/api/incidents/" + failed.incident());
    assertThat(incident.path("objective").asString()).isEqualTo(failed.objective());
    assertThat(incident.path("causes").path(0).path("step").asString()).isEqualTo(step);
  }

  /** Incident → notification → deliveries by their keys → the letter and the webhook. */
  void assertTold(Ids.Told told, String type, Ids.Failed failed) {
    assertThat(items("/api/inbox?limit=200"))
        .anySatisfy(item -> {
          assertThat(item.path("seq").asLong()).isEqualTo(told.seq());
          assertThat(item.path("type").asString()).isEqualTo(type);
          assertThat(item.path("subject").asString()).isEqualTo("slo/" + failed.objective());
          assertThat(item.path("after").path("incident").asString()).isEqualTo(failed.incident());
        });
    assertThat(items("/api/deliveries?state=delivered&limit=500").valueStream().toList())
        .filteredOn(delivery -> delivery.path("seq").asLong() == told.seq())
        .extracting(delivery -> delivery.path("key").asString())
        .contains(told.mail(), told.webhook());
    assertThat(get(at.mailbox().resolve("/"), "/demo/mailbox"))
        .anySatisfy(letter -> assertThat(letter.path("id").asString()).contains(told.mail()));
    assertThat(get(at.webhook().resolve("/"), "/demo/webhook"))
        .anySatisfy(hook -> {
          assertThat(hook.path("id").asString()).isEqualTo(told.webhook());
          assertThat(hook.path("text").asString()).contains(failed.incident());
        });
  }

  private JsonNode items(String path) {
    return get(at.console(), path).path("items");
  }

  private static JsonNode get(URI service, String path) {
    return new ApiClient(service, Optional.empty()).get(path).document();
  }
}
