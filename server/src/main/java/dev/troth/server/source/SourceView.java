package dev.troth.server.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.source.StoredSource.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A source as admins see it.
 *
 * @param url without its query; of a webhook the path that senders use
 * @param every seconds from one look to the next; null of a webhook
 * @param headers their names, with no values; null of a webhook
 * @param scheme how a webhook is signed; null of what is looked at
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
    @Nullable Map<String, String> headers,
    @Nullable String scheme,
    @JsonUnwrapped Standing standing) {

  /**
   * How a source does.
   *
   * @param health {@code ok}, {@code failing}, {@code late}, {@code new} or {@code paused}
   * @param lag seconds since it was last seen how the thing stands; null if it never was
   * @param failures looks that failed since
   * @param lastChange the sequence of its last change; null without
   * @param due when it is looked at next; null while it is paused
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Standing(
      String health,
      @Nullable Long lag,
      int failures,
      @Nullable String lastError,
      @Nullable Instant lastErrorAt,
      @Nullable Long lastChange,
      @Nullable Instant due) {}

  static SourceView of(StoredSource source, Instant now) {
    return switch (source.settings()) {
      case HttpSettings http ->
          new SourceView(
              source.name(),
              http.kind(),
              http.subject(),
              http.shown(),
              http.seconds(),
              http.pointer(),
              http.shownHeaders(),
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
              hook.scheme().toString(),
              standing(source, now));
    };
  }

  private static Standing standing(StoredSource source, Instant now) {
    StoredSource.Health health = source.health();
    boolean seen = health.lookedAt().isAfter(Instant.EPOCH);
    boolean failed = !health.error().isEmpty();
    return new Standing(
        word(source, now),
        seen ? Duration.between(health.lookedAt(), now).toSeconds() : null,
        health.failures(),
        failed ? health.error() : null,
        failed ? health.errorAt() : null,
        health.lastSeq() > 0 ? health.lastSeq() : null,
        source.state() == State.ACTIVE && source.settings() instanceof HttpSettings
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
    return source.settings() instanceof HttpSettings http
            && now.isAfter(source.due().plusSeconds(http.seconds()))
        ? "late"
        : "ok";
  }
}
