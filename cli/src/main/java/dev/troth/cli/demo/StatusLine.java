package dev.troth.cli.demo;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** How the demo is doing, in one line. */
final class StatusLine {
  private final Demo demo;
  private final InstantSource clock;
  private final ApiClient platform;
  private final List<ApiClient> faulty;
  private final ApiClient consumer;

  StatusLine(Demo demo, InstantSource clock) {
    this.demo = demo;
    this.clock = clock;
    DemoFile.Addresses at = demo.addresses();
    this.platform = new ApiClient(at.console(), Optional.empty());
    this.faulty =
        at.faulty().stream().map(service -> new ApiClient(service, Optional.empty())).toList();
    this.consumer = new ApiClient(at.consumer(), Optional.empty());
  }

  /** {@code 812 ok, 9 refused, 0 failed | consumer 641 | inbox 12 unread | publish for 1:32}. */
  String read() {
    List<String> parts = new ArrayList<>();
    String tally = demo.tally();
    if (!tally.isEmpty()) {
      Tally counts = JsonMapper.shared().readValue(tally, Tally.class);
      parts.add(
          "requests: %d ok, %d refused, %d failed"
              .formatted(counts.ok(), counts.refused(), counts.failed()));
    }
    ask(consumer, "/counts", Seen.class)
        .ifPresent(seen ->
            parts.add(
                "consumer: %d seen, %d dead letters".formatted(seen.orders(), seen.deadLetters())));
    ask(platform, "/api/inbox/unread", Unread.class)
        .ifPresent(inbox -> parts.add("inbox: %d unread".formatted(inbox.unread())));
    faulty.forEach(service -> faults(service, parts));
    return String.join(" | ", parts);
  }

  private void faults(ApiClient service, List<String> parts) {
    ask(service, "/-/faults", Fault[].class)
        .ifPresent(faults -> {
          for (Fault fault : faults) {
            Duration left = Duration.between(clock.instant(), fault.until());
            parts.add(
                "fault %s for %d:%02d"
                    .formatted(fault.fault(), left.toMinutes(), left.toSecondsPart()));
          }
        });
  }

  private record Tally(long ok, long refused, long failed) {}

  private record Seen(long orders, long deadLetters) {}

  private record Unread(long unread) {}

  private record Fault(String fault, Instant until) {}

  private static <T> Optional<T> ask(ApiClient service, String path, Class<T> type) {
    try {
      return Optional.of(service.get(path).as(type));
    } catch (CommandException e) {
      return Optional.empty(); // it is on its way out, which is told elsewhere
    }
  }
}
