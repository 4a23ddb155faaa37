package dev.troth.server.console.frame;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instant of a page's figures: what its links name, and what stands above a page of an instant
 * that is over.
 *
 * @param path what the address names after the page: the objective, the trace; else empty
 * @param instant of the figures; null while nobody could go back to it
 * @param isPast whether the page was asked for as it stood then
 */
public record AsOf(String path, @Nullable Instant instant, boolean isPast) {
  public static final Slots<AsOf> SLOTS =
      new Slots<AsOf>()
          .text("asof.hidden", asOf -> Formats.yes(!asOf.isPast))
          .text("asof.path", AsOf::path)
          .text("asof.at", AsOf::at)
          .text("asof.words", AsOf::words);

  /** Of a page that was asked for as it stood, or as it stands at this instant. */
  public static AsOf of(String path, Visit visit, @Nullable Instant now) {
    Optional<Instant> past = visit.at();
    return new AsOf(path, past.orElse(now), past.isPresent());
  }

  /** The instant as the address names it; empty leads to the page as it is. */
  public String at() {
    return instant == null ? "" : instant.toString();
  }

  /** {@code 2026-03-01 12:00:05.250 UTC}. */
  private String words() {
    return at().replace('T', ' ').replace("Z", " UTC");
  }
}
