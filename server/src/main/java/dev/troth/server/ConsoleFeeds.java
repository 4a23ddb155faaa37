package dev.troth.server;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.Feeds;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.watch.change.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The rooms as the console asks them; the console itself knows none of them. */
final class ConsoleFeeds implements Feeds.Changes {
  private final Watching watching;

  ConsoleFeeds(Watching watching) {
    this.watching = watching;
  }

  @Override
  public Feeds.Position position() {
    Watching.Position position = watching.position();
    return new Feeds.Position(position.epoch(), position.seq());
  }

  @Override
  public long unread(Caller caller) {
    return watching.unread(caller.user());
  }

  @Override
  public JsonNode records(int limit) {
    return items(watching.records(limit));
  }

  @Override
  public Optional<JsonNode> record(String id) {
    return id.matches("[0-9]{1,18}")
        ? watching.record(Long.parseLong(id)).map(ConsoleFeeds::tree)
        : Optional.empty();
  }

  @Override
  public JsonNode changes(String subject, int limit) {
    return items(watching.changes(Subject.parse(subject), limit));
  }

  @Override
  public JsonNode inbox(Caller caller, int limit) {
    return items(watching.inbox(caller.user(), limit));
  }

  @Override
  public JsonNode watches(Caller caller) {
    return items(watching.watches(caller.user()));
  }

  @Override
  public void update(String record, String value, Caller caller) {
    watching.update(number("record", record), value, caller.user());
  }

  @Override
  public void watch(String target, Caller caller) {
    watching.watch(caller.user(), target);
  }

  @Override
  public void unwatch(String watch, Caller caller) {
    watching.unwatch(caller.user(), number("watch", watch));
  }

  @Override
  public void mark(String notification, String mark, Caller caller) {
    watching.mark(caller.user(), number("notification", notification), mark);
  }

  @Override
  public void markAllRead(Caller caller) {
    watching.readAll(caller.user());
  }

  private static long number(String what, String id) {
    if (!id.matches("[0-9]{1,18}")) {
      throw Problem.notFound("%s %s does not exist".formatted(what, id)).toException();
    }
    return Long.parseLong(id);
  }

  private static JsonNode items(List<Map<String, Object>> items) {
    return tree(Map.of("items", items));
  }

  private static JsonNode tree(Object document) {
    return Json.mapper().valueToTree(document);
  }
}
