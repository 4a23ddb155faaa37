package dev.troth.server.watch;

import dev.troth.server.http.Json;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/** What a write answers; kept as it is when the client named the write by a key. */
record Answer(int status, String body, Map<String, String> headers) {

  static Answer ok(Object body) {
    return of(200, body);
  }

  static Answer created(Object body) {
    return of(201, body);
  }

  static Answer of(int status, Object body) {
    return new Answer(status, Json.mapper().writeValueAsString(body), Map.of());
  }

  Answer with(String header, String value) {
    return new Answer(status, body, Map.of(header, value));
  }

  void send(ServerResponse response) {
    headers.forEach(response::header);
    response.status(status).header("Content-Type", "application/json").send(body);
  }
}
