package dev.troth.server.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.watch.Level;
import dev.troth.watch.OwnChanges;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.filter.Filter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of a watch; what is absent stays as it is, or is every change in the inbox.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchBody(
    @Nullable String target,
    @Nullable String user,
    @Nullable String level,
    @Nullable Set<String> types,
    @Nullable String filter,
    @Nullable Set<String> channels,
    @Nullable String mutedUntil,
    @Nullable Boolean ownChanges) {
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  /** The wish that this body makes of an old one. */
  public WatchSettings over(WatchSettings old) {
    Level asked = level == null ? implied(old) : Level.parse(level);
    boolean keepsTypes = types == null && asked == Level.CUSTOM;
    Set<String> typesOrNone = types == null ? Set.of() : types;
    return new WatchSettings(
        asked,
        keepsTypes ? old.types() : typesOrNone,
        filter == null ? old.filter() : Filter.parse(filter),
        channels == null ? old.channels() : channels,
        mutedUntil == null ? old.mutedUntil() : time("mutedUntil", mutedUntil),
        own(old));
  }

  private OwnChanges own(WatchSettings old) {
    if (ownChanges == null) {
      return old.ownChanges();
    }
    return ownChanges ? OwnChanges.TOLD : OwnChanges.LEFT_OUT;
  }

  /** Types without a level mean level custom. */
  private Level implied(WatchSettings old) {
    return types != null && !types.isEmpty() ? Level.CUSTOM : old.level();
  }

  /** A time of a member of a request. */
  static Instant time(String member, String text) {
    try {
      Instant time = Instant.parse(text);
      if (time.isBefore(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      // Refused below, as what is too late is.
    }
    throw new IllegalArgumentException(
        "%s is '%s', expected a time such as 2026-01-31T12:00:00Z, before the year 10000"
            .formatted(member, text));
  }
}
