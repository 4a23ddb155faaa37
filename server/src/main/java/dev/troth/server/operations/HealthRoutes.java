package dev.troth.server.operations;

import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.ops.Health;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /-/healthy}: the process answers; {@code /-/ready}: it can serve. */
public final class HealthRoutes implements Routes {
  private final Health health;

  public HealthRoutes(Health health) {
    this.health = health;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get("/-/healthy", (request, response) -> Json.send(response, Map.of("healthy", true)));
    rules.get("/-/ready", this::ready);
  }

  private void ready(ServerRequest request, ServerResponse response) {
    Optional<String> obstacle = health.obstacle();
    if (obstacle.isPresent()) {
      Json.send(response, Problem.of(503, obstacle.get()));
      return;
    }
    Map<String, Object> answer = new LinkedHashMap<>(Map.of("ready", true));
    List<String> warnings = health.warnings();
    if (!warnings.isEmpty()) {
      answer.put("warnings", warnings);
    }
    Json.send(response, answer);
  }
}
