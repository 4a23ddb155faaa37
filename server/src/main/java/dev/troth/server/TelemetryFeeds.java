package dev.troth.server;

import dev.troth.server.console.Feeds;
import dev.troth.server.http.Json;
import dev.troth.server.objective.Objectives;
import dev.troth.server.trace.Traces;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Objectives and traces as the console asks for them: the API's own documents. */
final class TelemetryFeeds {
  private TelemetryFeeds() {}

  static Feeds.Objectives objectives(Objectives desk) {
    return new Feeds.Objectives() {
      @Override
      public JsonNode all() {
        return document(desk.list());
      }

      @Override
      public Optional<JsonNode> one(String name) {
        return desk.detail(name, Optional.empty()).map(TelemetryFeeds::document);
      }
    };
  }

  static Feeds.Traces traces(Traces desk) {
    return new Feeds.Traces() {
      @Override
      public JsonNode list(Map<String, String> query) {
        return document(desk.list(name -> Optional.ofNullable(query.get(name))));
      }

      @Override
      public Optional<JsonNode> one(String id) {
        return desk.trace(id).map(TelemetryFeeds::document);
      }
    };
  }

  private static JsonNode document(Object value) {
    return Json.mapper().valueToTree(value);
  }
}
