package dev.troth.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.db.Parts;
import dev.troth.server.delivery.ClaimStore.By;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.DeliveryStore.Route;
import dev.troth.server.statement.Statements;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/** What looking for the next delivery costs on SQLite does not depend on how many wait. */
class ClaimCostTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Receiver ANN = new Receiver("ann", "webhook");

  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = new Database(folder.resolve("test.db"), 1);
    database.start();
    new Migrator(database, Clock.systemUTC()).start();
  }

  @AfterEach
  void close() {
    database.stop();
  }

  private void pending(int from, int to) {
    int _ =
        database.write(handle ->
            handle.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO delivery (key, change_seq, watch_id, user_name, subject, version,
                  channel, reason, state, attempts, due, note, at, part, held, held_by)
                SELECT 'key' || i, i, 1, 'ann', 'row/' || i, 1, 'webhook', 'subscribed', 'pending',
                  0, i, '', 0, 3, '', '' FROM n
                """,
                from,
                to));
  }

  /** Versions of one subject that its watch was told of. */
  private void delivered(int from, int to) {
    int _ =
        database.write(handle ->
            handle.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO delivery (key, change_seq, watch_id, user_name, subject, version,
                  channel, reason, state, attempts, due, note, at, part, held, held_by)
                SELECT 'told' || i, i, 1, 'ann', 'row/0', i, 'webhook', 'subscribed', 'delivered',
                  1, i, '', 0, 3, '', '' FROM n
                """,
                from,
                to));
  }

  private Map<String, Long> costs() {
    ClaimStore claims = new ClaimStore();
    Parts.Mine mine = new Parts(database, "watch").mine();
    Map<String, Consumer<Handle>> questions = new LinkedHashMap<>();
    questions.put(
        "the first receiver",
        handle -> assertThat(claims.after(handle, Receiver.FIRST, mine)).contains(ANN));
    questions.put(
        "the receiver after the last",
        handle -> assertThat(claims.after(handle, ANN, mine)).isEmpty());
    questions.put("something due", handle -> assertThat(claims.isDue(handle, ANN, NOW)).isTrue());
    questions.put(
        "a message on its way",
        handle -> assertThat(HeldStore.isBehindAnother(handle, ANN, NOW)).isFalse());
    questions.put(
        "a message to try again",
        handle ->
            assertThat(
                    HeldStore.again(
                        handle, ANN, NOW, new By(0, List.of(0L), Duration.ofSeconds(90))))
                .isEmpty());
    questions.put(
        "another of the same subject",
        handle ->
            assertThat(
                    ClaimStore.isBehindAnother(
                        Statements.of(handle),
                        new Route(1, 1, "ann", "row/0", 1_000_000, "webhook", "subscribed"),
                        NOW,
                        new By(0, List.of(0L), Duration.ofSeconds(90))))
                .isFalse());
    Map<String, Long> costs = new LinkedHashMap<>();
    questions.forEach((name, question) -> costs.put(name, steps(question)));
    return costs;
  }

  /** Steps of SQLite's machine. */
  private long steps(Consumer<Handle> question) {
    AtomicLong steps = new AtomicLong();
    return database.read(handle -> {
      // Prepared before it is counted.
      question.accept(handle);
      try {
        var connection = handle.getConnection().unwrap(SQLiteConnection.class);
        ProgressHandler.setHandler(
            connection,
            1,
            new ProgressHandler() {
              @Override
              protected int progress() {
                steps.incrementAndGet();
                return 0;
              }
            });
        question.accept(handle);
        ProgressHandler.clearHandler(connection);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return steps.get();
    });
  }

  @Test
  void aLookForTheNextDeliveryReadsAsMuchAmongThousandsThatWaitAsAmongTen() {
    pending(1, 10);
    delivered(1, 10);
    Map<String, Long> few = costs();
    pending(11, 5_000);
    delivered(11, 5_000);
    costs()
        .forEach((name, cost) ->
            assertThat(cost).as("%s: %s among ten", name, few.get(name)).isBetween(1L, 200L));
  }
}
