package dev.troth.server.incident;

import dev.troth.server.http.Json;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/** Who looks after an incident and who silenced it, as the API and the console show it. */
public record Holds(@Nullable HoldView acknowledgement, @Nullable HoldView silence) {
  public static final Holds NONE = new Holds(null, null);

  /**
   * By whom, since when and until when, and why.
   *
   * @param severity the worst that the incident had then: a page ends a silence of a ticket
   */
  public record HoldView(
      String by,
      Instant at,
      Instant until,
      String reason,
      @JsonSerialize(using = Json.Word.class) Severity severity) {
    private static HoldView of(Hold hold) {
      return new HoldView(hold.by(), hold.at(), hold.until(), hold.reason(), hold.severity());
    }
  }

  /** What was said of one incident. */
  static Holds of(List<Hold> said) {
    return said.isEmpty()
        ? NONE
        : new Holds(
            of(said, Hold.Kind.ACKNOWLEDGED).orElse(null),
            of(said, Hold.Kind.SILENCED).orElse(null));
  }

  private static Optional<HoldView> of(List<Hold> said, Hold.Kind kind) {
    return said.stream().filter(hold -> hold.kind() == kind).findFirst().map(HoldView::of);
  }
}
