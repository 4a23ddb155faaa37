package dev.troth.server.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.SourceSettings.HookSettings;
import dev.troth.server.source.StoredSource.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source as admins see it.
 *
 * @param url without its query; of a webhook the path that senders use
 * @param every seconds from one look to the next; null of a webhook
 * @param headers their names, with no values; null of a webhook
 * @param scheme how a webhook is signed; null of what is looked at
 * @param rotating whether a former secret of a webhook counts too
 * @param stream how far it came, and how its other end stands; null of what does not stream
 * @param standing how it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceView(
    String name,
    String kind,
    String subject,
    String url,
    @Nullable Long every,
    String pointer,
    @Nullable String select,
    @Nullable Map<String, String> headers,
    @Nullable String scheme,
    @Nullable Boolean rotating,
    @Nullable StreamView stream,
    @JsonUnwrapped Standing standing) {
  /** The platform looks at what streams four times in that time. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /**
   * How a source does.
   *
   * @param health {@code ok}, {@code failing}, {@code late}, {@code new} or {@code paused}
   * @param lag seconds since it was last seen how the thing stands; null if it never was
   * @param failures looks that failed since
   * @param changes how many it told since it was added
   * @param errors how often it could not be read since
   * @param lastChange the sequence of its last change; null without
   * @param due when it is looked at next; null while it is paused
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Standing(
      String health,
      @Nullable Long lag,
      int failures,
      long changes,
      long errors,
      @Nullable String lastError,
      @Nullable Instant lastErrorAt,
      @Nullable Long lastChange,
      @Nullable Instant due) {}

  /**
   * A stream.
   *
   * @param slot the name of the replication slot, or what the names of triggers begin with
   * @param place how far it was taken
   * @param behind bytes of the server's log that are not confirmed, as the last look saw it
   * @param farEnd {@code streaming}, {@code idle}, {@code missing} or {@code lost}; empty before
   *     the first look
   */
  public record StreamView(
      List<TableView> tables, String slot, String place, long behind, String unit, String farEnd) {}

  /**
   * A table.
   *
   * @param identity what is known of a row before an update or a deletion: {@code full}, {@code
   *     key}, or {@code none} where only insertions and truncations are told
   */
  public record TableView(String table, String identity) {}

  static SourceView of(StoredSource source, Optional<Place> place, Instant now) {
    return switch (source.settings()) {
      case HttpSettings http ->
          new SourceView(
              source.name(),
              http.kind(),
              http.subject(),
              http.shown(),
              http.seconds(),
              http.pointer(),
              http.select(),
              http.shownHeaders(),
              null,
              null,
              null,
              standing(source, now));
      case HookSettings hook ->
          new SourceView(
              source.name(),
              hook.kind(),
              hook.subject(),
              hook.shown(),
              null,
              hook.pointer(),
              null,
              null,
              hook.scheme().toString(),
              hook.former() != null,
              null,
              standing(source, now));
      case StreamSettings streamed ->
          new SourceView(
              source.name(),
              streamed.kind(),
              streamed.subject(),
              streamed.shown(),
              null,
              streamed.pointer(),
              null,
              null,
              null,
              null,
              place.map(at -> stream(streamed, at)).orElse(null),
              standing(source, now));
    };
  }

  private static StreamView stream(StreamSettings settings, Place place) {
    return new StreamView(
        settings.tables(),
        settings.mark(),
        place.at(),
        place.behind(),
        settings.unit(),
        place.farEnd());
  }

  private static Standing standing(StoredSource source, Instant now) {
    StoredSource.Health health = source.health();
    boolean seen = health.lookedAt().isAfter(Instant.EPOCH);
    boolean failed = !health.error().isEmpty();
    return new Standing(
        word(source, now),
        seen ? Duration.between(health.lookedAt(), now).toSeconds() : null,
        health.failures(),
        source.counts().changes(),
        source.counts().errors(),
        failed ? health.error() : null,
        failed ? health.errorAt() : null,
        health.lastSeq() > 0 ? health.lastSeq() : null,
        source.state() == State.ACTIVE && (failed || source.settings() instanceof HttpSettings)
            ? source.due()
            : null);
  }

  private static String word(StoredSource source, Instant now) {
    if (source.state() == State.PAUSED) {
      return "paused";
    }
    if (source.health().failures() > 0) {
      return "failing";
    }
    if (source.health().lookedAt().equals(Instant.EPOCH)) {
      return "new";
    }
    boolean late =
        switch (source.settings()) {
          case HttpSettings http -> now.isAfter(source.due().plusSeconds(http.seconds()));
          case StreamSettings _ -> now.isAfter(source.health().lookedAt().plus(SILENCE));
          case HookSettings _ -> false;
        };
    return late ? "late" : "ok";
  }
}
