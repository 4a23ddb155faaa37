package dev.troth.bench.rows;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The peer: Debezium's embedded engine, and a POST for each change. Sixteen lanes by key send at the
 * same time, so that the changes of a row stay in their order; a batch is done when all of it was
 * received.
 */
public final class DebeziumSide {
  private static final int LANES = 16;

  private DebeziumSide() {}

  /** Arguments: PostgreSQL's port, the receiver's address, a folder. */
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("name", "rows");
    properties.setProperty(
        "connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    properties.setProperty("plugin.name", "pgoutput");
    properties.setProperty("database.hostname", "127.0.0.1");
    properties.setProperty("database.port", args[0]);
    properties.setProperty("database.user", "postgres");
    properties.setProperty("database.password", "none");
    properties.setProperty("database.dbname", "postgres");
    properties.setProperty("topic.prefix", "rows");
    properties.setProperty("table.include.list", "public.item");
    properties.setProperty("slot.name", "debezium");
    properties.setProperty("publication.name", "debezium");
    properties.setProperty("publication.autocreate.mode", "filtered");
    properties.setProperty("snapshot.mode", "no_data");
    properties.setProperty("poll.interval.ms", "5");
    properties.setProperty("converter.schemas.enable", "false");
    properties.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    properties.setProperty("offset.storage.file.filename", args[2] + "/offsets");
    properties.setProperty("offset.flush.interval.ms", "1000");
    URI receiver = URI.create(args[1]);
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try (ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        DebeziumEngine<ChangeEvent<String, String>> engine =
            DebeziumEngine.create(Json.class)
                .using(properties)
                .notifying((records, committer) -> {
                  send(lanes, client, receiver, records);
                  for (ChangeEvent<String, String> record : records) {
                    committer.markProcessed(record);
                  }
                  committer.markBatchFinished();
                })
                .build()) {
      engine.run();
    }
  }

  private static void send(
      ExecutorService lanes,
      HttpClient client,
      URI receiver,
      List<ChangeEvent<String, String>> records)
      throws InterruptedException {
    List<List<String>> byLane = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      byLane.add(new ArrayList<>());
    }
    for (ChangeEvent<String, String> record : records) {
      byLane.get(Math.floorMod(record.key().hashCode(), LANES)).add(record.value());
    }
    List<Future<?>> sent = new ArrayList<>();
    for (List<String> bodies : byLane) {
      sent.add(
          lanes.submit(() -> {
            for (String body : bodies) {
              HttpRequest request =
                  HttpRequest.newBuilder(receiver)
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build();
              int status =
                  client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
              if (status != 204) {
                throw new IllegalStateException("the receiver answered " + status);
              }
            }
            return null;
          }));
    }
    try {
      for (Future<?> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
