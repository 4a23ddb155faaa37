package dev.troth.server.stream;

import dev.troth.server.auth.Visibility;
import dev.troth.server.change.Revisions;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.db.Database;
import dev.troth.server.inbox.InboxStore;
import dev.troth.server.watch.WatchStore;
import java.time.Clock;

/** What streams follow: the log, each user's inbox, and what moves beside the log. */
public record Followed(
    Database database,
    SqliteChangeLog changes,
    WatchStore watches,
    InboxStore inbox,
    Revisions revisions,
    Visibility visibility,
    Clock clock) {}
