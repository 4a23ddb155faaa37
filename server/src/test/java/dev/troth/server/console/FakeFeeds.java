package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.PageState.InboxItem;
import dev.troth.server.console.PageState.RecordChange;
import dev.troth.server.console.PageState.RecordState;
import dev.troth.server.console.PageState.WatchItem;
import dev.troth.server.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the console shows, kept in memory: one record, and documents that a test gives. */
final class FakeFeeds implements Feeds.Changes {
  private long rev;
  private RecordState record =
      new RecordState("1", "Demo Record", "Initial Value", 1, "", List.of());
  private final List<InboxItem> inbox = new ArrayList<>();
  private String objectives = "{\"objectives\":[]}";
  private String objective = "";
  private String traces = "{\"traces\":[]}";
  private String trace = "";

  Feeds feeds() {
    return new Feeds(
        this,
        new Feeds.Objectives() {
          @Override
          public JsonNode all() {
            return JsonMapper.shared().readTree(objectives);
          }

          @Override
          public Optional<JsonNode> one(String name) {
            return tree(objective);
          }
        },
        new Feeds.Traces() {
          @Override
          public JsonNode list(Map<String, String> query) {
            return JsonMapper.shared().readTree(traces);
          }

          @Override
          public Optional<JsonNode> one(String id) {
            return tree(trace);
          }
        },
        caller -> JsonMapper.shared().readTree("{\"tokens\":[]}"));
  }

  private static Optional<JsonNode> tree(String json) {
    return json.isEmpty() ? Optional.empty() : Optional.of(JsonMapper.shared().readTree(json));
  }

  FakeFeeds objectives(String all, String one) {
    objectives = all;
    objective = one;
    return this;
  }

  FakeFeeds traces(String all, String one) {
    traces = all;
    trace = one;
    return this;
  }

  @Override
  public Feeds.Position position() {
    return new Feeds.Position("fake", rev);
  }

  @Override
  public long unread(Caller caller) {
    return inbox.stream().filter(item -> item.state().equals("unread")).count();
  }

  @Override
  public JsonNode records(int limit) {
    return items(List.of(record));
  }

  @Override
  public Optional<JsonNode> record(String id) {
    return id.equals(record.id())
        ? Optional.of(JsonMapper.shared().valueToTree(record))
        : Optional.empty();
  }

  @Override
  public JsonNode changes(String subject, int limit) {
    return items(
        record.changes().stream()
            .map(change ->
                Map.of(
                    "seq", change.seq(),
                    "actor", change.actor(),
                    "at", change.at(),
                    "before", Map.of("value", change.before()),
                    "after", Map.of("value", change.after())))
            .toList());
  }

  @Override
  public JsonNode inbox(Caller caller, int limit) {
    return items(inbox);
  }

  @Override
  public JsonNode watches(Caller caller) {
    return items(
        record.watch().isEmpty()
            ? List.of()
            : List.of(new WatchItem("w1", "record/1", "all", "2026-03-01T11:00:00Z")));
  }

  private static JsonNode items(List<?> items) {
    return JsonMapper.shared().valueToTree(Map.of("items", items));
  }

  @Override
  public void update(String id, String value, Caller caller) {
    if (!id.equals(record.id())) {
      throw Problem.notFound("there is not a record " + id).toException();
    }
    rev++;
    String at = "2026-03-01T12:00:00Z";
    List<RecordChange> changes = new ArrayList<>(record.changes());
    changes.addFirst(new RecordChange(rev, caller.user(), record.value(), value, at));
    record =
        new RecordState(
            id, record.name(), value, record.version() + 1, record.watch(), List.copyOf(changes));
    if (!record.watch().isEmpty()) {
      inbox.addFirst(
          new InboxItem(
              "n" + rev,
              "record/" + id,
              "subscribed",
              record.name() + " is now " + value,
              caller.user(),
              at,
              "unread"));
    }
  }

  @Override
  public void watch(String target, Caller caller) {
    setWatch("w1");
  }

  @Override
  public void unwatch(String watch, Caller caller) {
    setWatch("");
  }

  private void setWatch(String watch) {
    record =
        new RecordState(
            record.id(), record.name(), record.value(), record.version(), watch, record.changes());
  }

  @Override
  public void mark(String id, String state, Caller caller) {
    inbox.replaceAll(item -> item.id().equals(id) ? marked(item, state) : item);
  }

  @Override
  public void markAllRead(Caller caller) {
    inbox.replaceAll(item -> item.state().equals("unread") ? marked(item, "read") : item);
  }

  private static InboxItem marked(InboxItem i, String state) {
    return new InboxItem(i.id(), i.subject(), i.reason(), i.title(), i.actor(), i.at(), state);
  }
}
