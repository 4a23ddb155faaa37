package dev.troth.server.feed;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Users' feeds in SQL, one each. */
final class FeedStore {
  /**
   * A feed.
   *
   * @param nonce what its link is signed over
   */
  record Feed(String user, String nonce, Instant madeAt) {}

  Optional<Feed> find(Handle handle, String user) {
    return find(handle, "user_name", user);
  }

  /** The feed whose link is signed over a nonce. */
  Optional<Feed> behind(Handle handle, String nonce) {
    return find(handle, "nonce", nonce);
  }

  private static Optional<Feed> find(Handle handle, String column, String value) {
    return handle
        .createQuery("SELECT user_name, nonce, made_at FROM feed WHERE " + column + " = ?")
        .bind(0, value)
        .map((row, context) ->
            new Feed(row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))))
        .findOne();
  }

  /** Makes a user's feed, or gives it another link. */
  void put(Handle handle, Feed feed) {
    handle.execute(
        """
        INSERT INTO feed (user_name, nonce, made_at) VALUES (?, ?, ?)
        ON CONFLICT (user_name) DO UPDATE SET nonce = excluded.nonce, made_at = excluded.made_at
        """,
        feed.user(),
        feed.nonce(),
        feed.madeAt().toEpochMilli());
  }

  boolean delete(Handle handle, String user) {
    return handle.execute("DELETE FROM feed WHERE user_name = ?", user) == 1;
  }
}
