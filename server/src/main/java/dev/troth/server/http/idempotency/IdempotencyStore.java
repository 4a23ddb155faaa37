package dev.troth.server.http.idempotency;

import dev.troth.server.auth.Caller;
import dev.troth.server.db.Database;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;

/**
 * Writes that may be repeated safely: with {@code Idempotency-Key} the answer is kept a day, in the
 * same transaction as the write. The same request gets the same answer and writes nothing; another
 * request under the same key is 422.
 */
public final class IdempotencyStore {
  static final Duration KEPT = Duration.ofHours(24);

  private static final int LONGEST_KEY = 255;

  private final Database database;
  private final Clock clock;

  public IdempotencyStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Runs a write once for its key; a write that throws is not kept and may be tried again. */
  public StoredResponse once(
      IdempotentRequest request, Caller caller, Function<Handle, StoredResponse> write) {
    Optional<String> key = request.key();
    if (key.isEmpty()) {
      return database.write(write);
    }
    if (key.get().isBlank() || key.get().length() > LONGEST_KEY) {
      throw Problem.badRequest(
              "Idempotency-Key has %d characters, expected 1 to %d"
                  .formatted(key.get().length(), LONGEST_KEY))
          .toException();
    }
    String print = request.fingerprint();
    return database.write(handle -> {
      long now = clock.millis();
      handle.execute("DELETE FROM answered WHERE at <= ?", now - KEPT.toMillis());
      Optional<Kept> kept = find(handle, caller.user(), key.get());
      if (kept.isEmpty()) {
        StoredResponse answer = write.apply(handle);
        handle.execute(
            """
            INSERT INTO answered (user_name, key, request, status, body, headers, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            caller.user(),
            key.get(),
            print,
            answer.status(),
            answer.body(),
            Json.mapper().writeValueAsString(answer.headers()),
            now);
        return answer;
      }
      if (!kept.get().request().equals(print)) {
        throw Problem.unprocessable(
                "Idempotency-Key %s was used for another request, expected the same method,"
                        .formatted(key.get())
                    + " path and body, or a new key")
            .toException();
      }
      return kept.get().answer().with("Idempotency-Replayed", "true");
    });
  }

  private record Kept(String request, StoredResponse answer) {}

  private static Optional<Kept> find(Handle handle, String user, String key) {
    return handle
        .createQuery(
            "SELECT request, status, body, headers FROM answered WHERE user_name = ? AND key = ?")
        .bind(0, user)
        .bind(1, key)
        .map((row, context) ->
            new Kept(
                row.getString(1),
                new StoredResponse(row.getInt(2), row.getString(3), headers(row.getString(4)))))
        .findOne();
  }

  private static Map<String, String> headers(String json) {
    return Json.mapper().readValue(json, new TypeReference<>() {});
  }
}
