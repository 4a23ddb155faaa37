package dev.troth.cli.demo;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the demo is doing, in one line. */
public final class StatusLine {
  private final Demo demo;
  private final InstantSource clock;
  private final ApiClient platform;
  private final ApiClient handler;
  private final ApiClient store;
  private final ApiClient consumer;

  public StatusLine(Demo demo, InstantSource clock) {
    this.demo = demo;
    this.clock = clock;
    DemoFile.Addresses at = demo.addresses();
    this.platform = new ApiClient(at.console(), Optional.empty());
    this.handler = new ApiClient(at.handler(), Optional.empty());
    this.store = new ApiClient(at.store(), Optional.empty());
    this.consumer = new ApiClient(at.consumer(), Optional.empty());
  }

  /** {@code 812 ok, 9 refused, 0 failed | consumer 641 | inbox 12 unread | publish for 1:32}. */
  public String read() {
    List<String> parts = new ArrayList<>();
    String tally = demo.tally();
    if (!tally.isEmpty()) {
      JsonNode counts = JsonMapper.shared().readTree(tally);
      parts.add(
          "requests: %d ok, %d refused, %d failed"
              .formatted(
                  counts.path("ok").asLong(),
                  counts.path("refused").asLong(),
                  counts.path("failed").asLong()));
    }
    ask(consumer, "/counts")
        .ifPresent(seen ->
            parts.add(
                "consumer: %d seen, %d dead letters"
                    .formatted(seen.path("orders").asLong(), seen.path("deadLetters").asLong())));
    ask(platform, "/api/inbox/unread")
        .ifPresent(inbox -> parts.add("inbox: %d unread".formatted(inbox.path("unread").asLong())));
    faults(handler, parts);
    faults(store, parts);
    return String.join(" | ", parts);
  }

  private void faults(ApiClient service, List<String> parts) {
    ask(service, "/-/faults")
        .ifPresent(faults ->
            faults.forEach(fault -> {
              Duration left =
                  Duration.between(clock.instant(), Instant.parse(fault.path("until").asString()));
              parts.add(
                  "fault %s for %d:%02d"
                      .formatted(
                          fault.path("fault").asString(), left.toMinutes(), left.toSecondsPart()));
            }));
  }

  private static Optional<JsonNode> ask(ApiClient service, String path) {
    try {
      return Optional.of(service.get(path));
    } catch (CommandException e) {
      return Optional.empty(); // it is on its way out, which is told elsewhere
    }
  }
}
