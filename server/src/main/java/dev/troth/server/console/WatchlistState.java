package dev.troth.server.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the islands of a page share: the counts of its header and its watch button. The members are
 * those of the site's {@code model.ts}.
 *
 * @param epoch names the change log
 * @param rev the change log's last sequence number, read before everything else here, so that a
 *     page is at worst told twice of a change and never misses one
 * @param now the platform's time
 * @param user who looks
 * @param watches how many watches the user has
 * @param burning objectives that page or ticket now
 * @param watched the subject of the page, if it has one that can be watched
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WatchlistState(
    String epoch,
    long rev,
    Instant now,
    String user,
    long unread,
    long watches,
    long burning,
    @Nullable Watched watched) {

  /** The subject of a page, and whether the user watches it. */
  record Watched(String target, boolean on) {}
}
