package dev.troth.server.kafka;

import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.event.Events;
import dev.troth.server.ops.Lifecycle;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The threads that read and write topics, and what is to be seen of them. */
public final class KafkaClients {
  private final Topics topics;
  private final List<Lifecycle> parts = new ArrayList<>();

  public KafkaClients(
      KafkaSettings settings,
      Database database,
      SqliteChangeLog changes,
      Events events,
      Clock clock) {
    Traffic traffic = new Traffic();
    MessageStore messages = new MessageStore(events, clock);
    topics = new Topics(settings, database, messages, traffic);
    if (!settings.in().isEmpty()) {
      parts.add(new ChangesIn(settings, database, messages, traffic));
    }
    settings
        .out()
        .ifPresent(topic ->
            parts.add(
                new ChangesOut(
                    settings,
                    topic,
                    new ChangesOut.Ground(database, changes, traffic),
                    handle -> database.replicas().lease("kafka-out").take(handle) > 0)));
  }

  public Topics topics() {
    return topics;
  }

  /** What runs; after the change log, before the listeners. */
  public List<Lifecycle> parts() {
    return List.copyOf(parts);
  }
}
