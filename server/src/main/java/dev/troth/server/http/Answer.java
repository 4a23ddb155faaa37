package dev.troth.server.http;

import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/** What a write answers; kept as it is when the client named the write by a key. */
public record Answer(int status, String body, Map<String, String> headers) {

  public static Answer ok(Object body) {
    return of(200, body);
  }

  public static Answer created(Object body) {
    return of(201, body);
  }

  public static Answer of(int status, Object body) {
    return new Answer(status, Json.mapper().writeValueAsString(body), Map.of());
  }

  public Answer with(String header, String value) {
    return new Answer(status, body, Map.of(header, value));
  }

  public void send(ServerResponse response) {
    headers.forEach(response::header);
    response.status(status).header("Content-Type", "application/json").send(body);
  }
}
