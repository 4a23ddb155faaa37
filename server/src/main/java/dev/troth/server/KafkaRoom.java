package dev.troth.server;

import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.event.EventStore;
import dev.troth.server.event.Events;
import dev.troth.server.http.Routes;
import dev.troth.server.kafka.KafkaClients;
import dev.troth.server.kafka.KafkaRoutes;
import dev.troth.server.kafka.Topics;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import java.time.Clock;
import java.util.List;

/** Kafka, assembled, where brokers are configured: only then are its classes loaded. */
final class KafkaRoom {
  private final KafkaClients clients;
  private final Topics topics;

  KafkaRoom(KafkaSettings settings, Database database, SqliteChangeLog changes, Clock clock) {
    clients =
        new KafkaClients(settings, database, changes, new Events(new EventStore(changes)), clock);
    topics = clients.topics();
  }

  List<Lifecycle> parts() {
    return clients.parts();
  }

  List<Routes> routes() {
    return List.of(new KafkaRoutes(topics));
  }

  void addTo(Metrics metrics) {
    topics.addTo(metrics);
  }
}
