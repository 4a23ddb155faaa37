package dev.troth.server.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.watch.Level;
import dev.troth.watch.OwnChanges;
import dev.troth.watch.WatchSettings;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A watch as clients and pages see it.
 *
 * @param filter its text, empty if there is none
 * @param mutedUntil null if it was never muted
 * @param ownChanges whether the user is told of their own changes as well
 * @param group the group that watches for the user; null for the user's own watch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchView(
    long id,
    String user,
    String target,
    Level level,
    Set<String> types,
    String filter,
    Set<String> channels,
    @Nullable Instant mutedUntil,
    boolean ownChanges,
    Instant since,
    @Nullable String group) {

  public static WatchView of(StoredWatch stored) {
    WatchSettings wish = stored.watch().wish();
    return new WatchView(
        stored.root(),
        stored.watch().user(),
        stored.watch().target().toString(),
        wish.level(),
        wish.types(),
        wish.filter().text(),
        wish.channels(),
        wish.mutedUntil().isAfter(Instant.EPOCH) ? wish.mutedUntil() : null,
        wish.ownChanges() == OwnChanges.TOLD,
        stored.createdAt(),
        stored.isOwn() ? null : stored.via());
  }
}
