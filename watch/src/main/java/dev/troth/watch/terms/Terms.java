package dev.troth.watch.terms;

import dev.troth.watch.change.TitleTemplate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a preference says; what is null is left to a wider preference.
 *
 * @param send whether anything goes to the channel at all
 * @param quiet when nothing does; what falls into it goes out at its end
 * @param pages whether urgent changes pass mutes, quiet hours, digests and limits
 * @param digest when what was told meanwhile goes out as one message
 * @param collapse whether a digest has the newest change of each subject alone
 * @param limit the most messages; what is over goes out as one message when the window ends
 * @param mutedUntil before this nothing is sent
 * @param title how a message is worded that tells of one change
 */
public record Terms(
    @Nullable Boolean send,
    @Nullable QuietHours quiet,
    @Nullable Boolean pages,
    @Nullable Schedule digest,
    @Nullable Boolean collapse,
    @Nullable Limit limit,
    @Nullable Instant mutedUntil,
    @Nullable TitleTemplate title) {
  /** Leaves everything to others. */
  public static final Terms SILENT = new Terms(null, null, null, null, null, null, null, null);

  public boolean isSilent() {
    return equals(SILENT);
  }
}
