package dev.troth.server.http.idempotency;

import dev.troth.server.http.Json;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a write answers; kept as it is when the client named the write by a key. */
public record StoredResponse(int status, String body, Map<String, String> headers) {

  public static StoredResponse ok(Object body) {
    return of(200, body);
  }

  public static StoredResponse created(Object body) {
    return of(201, body);
  }

  public static StoredResponse of(int status, Object body) {
    return new StoredResponse(status, Json.mapper().writeValueAsString(body), Map.of());
  }

  /** The same answer with one more header. */
  public StoredResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new StoredResponse(status, body, more);
  }

  public void send(ServerResponse response) {
    headers.forEach(response::header);
    response.status(status).header("Content-Type", "application/json").send(body);
  }
}
