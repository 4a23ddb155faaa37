package dev.troth.server.group;

import dev.troth.server.http.Json;
import dev.troth.server.watch.WatchBody;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** Groups in SQL: their members, and what is watched for them. */
final class GroupStore {
  boolean exists(Handle handle, String name) {
    return handle
        .createQuery("SELECT 1 FROM member_group WHERE name = ?")
        .bind(0, name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  List<String> names(Handle handle) {
    return handle
        .createQuery("SELECT name FROM member_group ORDER BY name")
        .mapTo(String.class)
        .list();
  }

  SortedSet<String> members(Handle handle, String name) {
    return new TreeSet<>(
        handle
            .createQuery("SELECT user_name FROM group_member WHERE name = ?")
            .bind(0, name)
            .mapTo(String.class)
            .list());
  }

  SortedMap<String, WatchBody> watches(Handle handle, String name) {
    SortedMap<String, WatchBody> watches = new TreeMap<>();
    handle
        .createQuery("SELECT target, wish FROM group_watch WHERE name = ?")
        .bind(0, name)
        .map((row, context) ->
            Map.entry(row.getString(1), Json.mapper().readValue(row.getString(2), WatchBody.class)))
        .forEach(entry -> watches.put(entry.getKey(), entry.getValue()));
    return watches;
  }

  /** Makes a group of these members, or gives one other members. */
  void put(Handle handle, String name, Set<String> members, Instant now) {
    handle.execute(
        "INSERT INTO member_group (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        name,
        now.toEpochMilli());
    handle.execute("DELETE FROM group_member WHERE name = ?", name);
    for (String member : members) {
      handle.execute("INSERT INTO group_member (name, user_name) VALUES (?, ?)", name, member);
    }
  }

  void watch(Handle handle, String name, String target, WatchBody wish) {
    handle.execute(
        """
        INSERT INTO group_watch (name, target, wish) VALUES (?, ?, ?)
        ON CONFLICT (name, target) DO UPDATE SET wish = excluded.wish
        """,
        name,
        target,
        Json.mapper().writeValueAsString(wish));
  }

  boolean unwatch(Handle handle, String name, String target) {
    return handle.execute("DELETE FROM group_watch WHERE name = ? AND target = ?", name, target)
        == 1;
  }

  void remove(Handle handle, String name) {
    handle.execute("DELETE FROM group_watch WHERE name = ?", name);
    handle.execute("DELETE FROM group_member WHERE name = ?", name);
    handle.execute("DELETE FROM member_group WHERE name = ?", name);
  }
}
