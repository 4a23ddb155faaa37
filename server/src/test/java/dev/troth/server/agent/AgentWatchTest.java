package dev.troth.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.observe.metrics.OwnUse;
import dev.troth.observe.otlp.Heartbeat;
import dev.troth.observe.otlp.Heartbeat.Losses;
import dev.troth.observe.otlp.HttpTransport;
import dev.troth.observe.otlp.Reply;
import dev.troth.observe.otlp.Self;
import dev.troth.observe.otlp.Signal;
import dev.troth.server.TestPlatform;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whoever watches an agent is told when it falls silent or misses something. */
final class AgentWatchTest {
  private final TestPlatform platform = TestPlatform.start();
  private Instant started = platform.clock().instant();
  private long lost;

  @BeforeEach
  void annWatchesTheMachineThatIsMuted() {
    assertThat(
            platform
                .post(
                    "/api/watches",
                    "{\"user\":\"ann\",\"target\":\"agent/build-7\",\"mutedUntil\":\"2027-01-01T00:00:00Z\"}")
                .status())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static long nanos(Instant at) {
    return at.toEpochMilli() * 1_000_000;
  }

  private Heartbeat agent(String host, long process) {
    return new Heartbeat(
        new Self(host, process), () -> true, () -> new Losses(lost, 0, 0, List.of()), OwnUse::now);
  }

  private void send(byte[] message) {
    URI address = URI.create("http://127.0.0.1:" + platform.port("otlp-http"));
    try (HttpTransport transport = new HttpTransport(address, Map.of())) {
      assertThat(transport.send(Signal.METRICS, message)).isInstanceOf(Reply.Accepted.class);
    }
  }

  private void beat() {
    send(agent("build-7", 41).message(nanos(started), nanos(platform.clock().instant())));
  }

  /** The types of the changes of the machine, oldest first. */
  private List<String> told() {
    List<String> types = new ArrayList<>();
    JsonNode items = platform.get("/api/subjects/changes?target=agent/build-7").json().get("items");
    items.forEach(item -> types.addFirst(item.get("type").asString()));
    return types;
  }

  private void awaitTold(String... types) {
    await().untilAsserted(() -> assertThat(told()).containsExactly(types));
  }

  private List<String> inbox() {
    List<String> types = new ArrayList<>();
    JsonNode items = platform.get("/api/inbox?user=ann").json().get("items");
    items.forEach(item -> types.addFirst(item.at("/type").asString()));
    return types;
  }

  private void pass(int seconds) {
    platform.clock().advance(Duration.ofSeconds(seconds));
  }

  @Test
  void anAgentThatFallsSilentIsToldOnceAndThatItIsBack() {
    for (int i = 0; i < 3; i++) {
      pass(10);
      beat();
    }
    awaitTold("agent.reporting");
    pass(36);
    awaitTold("agent.reporting", "agent.silent");
    await()
        .untilAsserted(
            () -> assertThat(inbox()).as("it passes the mute").containsExactly("agent.silent"));
    pass(3_600);
    beat();
    awaitTold("agent.reporting", "agent.silent", "agent.reporting");
  }

  @Test
  void anAgentThatMissesSomethingIsToldAndThatItIsOver() {
    pass(10);
    beat();
    lost = 200;
    pass(10);
    beat();
    lost = 400;
    pass(10);
    beat();
    awaitTold("agent.reporting", "agent.dropping");
    await().untilAsserted(() -> assertThat(inbox()).containsExactly("agent.dropping"));
    for (int i = 0; i < 7; i++) {
      pass(10);
      beat();
    }
    awaitTold("agent.reporting", "agent.dropping", "agent.reporting");
  }

  @Test
  void anAgentThatEndsInOrderIsNotMissed() {
    pass(10);
    beat();
    pass(10);
    send(agent("build-7", 41).last(nanos(started), nanos(platform.clock().instant())));
    awaitTold("agent.reporting", "agent.stopped");
    pass(3_600);
    started = platform.clock().instant();
    pass(10);
    // Another agent on the same machine.
    send(agent("build-7", 77).message(nanos(started), nanos(platform.clock().instant())));
    awaitTold("agent.reporting", "agent.stopped", "agent.reporting");
    assertThat(inbox()).isEmpty();
  }

  @Test
  void whileThePlatformIsAwayNobodyIsSilent() {
    pass(10);
    beat();
    awaitTold("agent.reporting");
    platform.stop();
    pass(3_600);
    platform.restart();
    pass(30);
    beat();
    awaitTold("agent.reporting");
    pass(36);
    awaitTold("agent.reporting", "agent.silent");
  }

  @Test
  void whoeverCallsMachinesAnythingMakesNoMoreThanAThousand() {
    pass(10);
    for (int i = 0; i < 1_010; i++) {
      send(agent("m" + i, 1).message(nanos(started), nanos(platform.clock().instant())));
    }
    send(agent("*", 1).message(nanos(started), nanos(platform.clock().instant())));
    assertThat(platform.get("/metrics").body()).contains("troth_otlp_agents_refused_total 11.0");
  }
}
