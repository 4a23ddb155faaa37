package dev.troth.cli.slo;

import dev.troth.cli.command.ApiClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An objective as the platform answers it; what is not known is null.
 *
 * @param document all that was answered
 */
record ObjectiveAnswer(JsonNode document, Standing standing, Figures figures, Held held) {
  /** How it stands, and what its figures leave out. A broken file has no evidence. */
  record Standing(
      String name,
      String state,
      String stateReason,
      @Nullable String label,
      double target,
      long gapMinutes,
      @Nullable Window window,
      @Nullable Evidence evidence,
      @Nullable String groupBy) {}

  /** The window; from and to are of one that begins anew. */
  record Window(
      String length, @Nullable String timeZone, @Nullable String from, @Nullable String to) {}

  /** Its open incident, and what somebody said of it. */
  record Held(@Nullable String incident, @Nullable Hold acknowledgement, @Nullable Hold silence) {}

  /**
   * Who said it, and until when.
   *
   * @param severity the worst that the incident had then
   */
  record Hold(String by, String until, String reason, @Nullable String severity) {}

  /** What was counted over the window. */
  record Figures(
      @Nullable Double availability,
      @Nullable Bounds bounds,
      Requests requests,
      @Nullable Budget budget,
      @Nullable Double p95Millis) {}

  /** Between which shares the truth of an interval lies. */
  record Bounds(double low, double high) {}

  /**
   * Counts.
   *
   * @param badAtLeast those that certainly were bad; absent or fewer only for an interval
   */
  record Requests(long total, long bad, @Nullable Long badAtLeast, long unknown) {
    long least() {
      return badAtLeast == null ? bad : badAtLeast;
    }
  }

  /** What is left of the error budget, in requests and as a share. */
  record Budget(double remaining, double remainingRatio) {}

  /** What the figures rest on. */
  record Evidence(
      boolean known,
      boolean unknownCounted,
      long sampled,
      @Nullable Map<String, Long> dropped,
      @Nullable List<LeftOut> leftOut,
      @Nullable Unseen unseen) {}

  /** Requests that one maintenance left out of the window. */
  record LeftOut(String maintenance, long requests, long bad, boolean now) {}

  /** What the agents that feed it have not seen, at most, over the window. */
  record Unseen(long requests, Map<String, Long> reasons, long calls, long connections) {}

  private record Listed(List<JsonNode> objectives) {}

  static List<ObjectiveAnswer> listed(Answer answer) {
    List<ObjectiveAnswer> all = new ArrayList<>();
    for (JsonNode each : answer.as(Listed.class).objectives()) {
      Answer one = new Answer(answer.status(), each);
      all.add(
          new ObjectiveAnswer(
              each, one.as(Standing.class), one.as(Figures.class), one.as(Held.class)));
    }
    return all;
  }

  String name() {
    return standing.name();
  }

  /** Whether the figure is one to rely on. */
  boolean isKnown() {
    return evidence().map(Evidence::known).orElse(false);
  }

  Optional<Evidence> evidence() {
    return Optional.ofNullable(standing.evidence());
  }

  Optional<Budget> budget() {
    return Optional.ofNullable(figures.budget());
  }
}
