package dev.troth.server.kafka;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/**
 * {@code /api/events/kafka}, for admins: how far each topic is, and which messages were refused.
 */
public final class KafkaRoutes implements Routes {
  private final Topics topics;

  public KafkaRoutes(Topics topics) {
    this.topics = topics;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/events/kafka", taking(this::traffic))
        .get("/api/events/kafka/refused", taking(this::refused, "before", "limit"));
  }

  private void traffic(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.ADMIN);
    Json.send(response, topics.traffic());
  }

  private void refused(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.ADMIN);
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Parameters.limit(request, 50, 200);
    List<MessageStore.Refused> found = topics.refused(before, limit);
    Json.send(response, new Items<>(found, found.size() < limit ? null : found.getLast().id()));
  }
}
