package dev.troth.server.incident;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who looks after an incident and who silenced it, as the API and the console show it. */
public record Holds(@Nullable HoldView acknowledgement, @Nullable HoldView silence) {
  public static final Holds NONE = new Holds(null, null);

  /** By whom, since when and until when, and why. */
  public record HoldView(String by, Instant at, Instant until, String reason) {
    private static HoldView of(Hold hold) {
      return new HoldView(hold.by(), hold.at(), hold.until(), hold.reason());
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
