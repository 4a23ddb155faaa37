package dev.troth.server.record;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.http.idempotency.IdempotencyStore;
import dev.troth.server.http.idempotency.IdempotentRequest;
import dev.troth.server.http.idempotency.StoredResponse;
import dev.troth.server.record.RecordStore.Contents;
import dev.troth.watch.change.Fields;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@code /api/records}: records with any fields, versions as ETags. */
public final class RecordRoutes implements Routes {
  private final IdempotencyStore writes;
  private final Records records;

  public RecordRoutes(IdempotencyStore writes, Records records) {
    this.writes = writes;
    this.records = records;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/records", taking(this::list, "after", "limit"))
        .post("/api/records", this::add)
        .get("/api/records/{id}", this::get)
        .put("/api/records/{id}", this::put)
        .patch("/api/records/{id}", this::patch)
        .delete("/api/records/{id}", this::delete);
  }

  /** What a client sends; with PATCH, what is absent stays and a null field goes. */
  private record Body(
      @Nullable String name,
      @Nullable String value,
      @Nullable Map<String, @Nullable Object> fields) {

    Contents contents() {
      String named = name;
      if (named == null) {
        throw new IllegalArgumentException("name is missing, expected a text");
      }
      return new Contents(
          named, value == null ? "" : value, fields == null ? Fields.none() : Fields.of(fields));
    }

    Contents over(Contents old) {
      SequencedMap<String, @Nullable Object> merged = new LinkedHashMap<>(old.more().values());
      if (fields != null) {
        fields.forEach((field, given) -> {
          if (given == null) {
            merged.remove(field);
          } else {
            merged.put(field, given);
          }
        });
      }
      return new Contents(
          name == null ? old.name() : name,
          value == null ? old.value() : value,
          new Fields(merged));
    }
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    long after = Parameters.number(request, "after", 0, Long.MAX_VALUE);
    int limit = Parameters.limit(request, 50, 500);
    Json.send(response, records.after(after, limit));
  }

  private void get(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    RecordView record = records.get(Parameters.id(request));
    response.header(HeaderNames.ETAG, etag(record));
    Json.send(response, record);
  }

  private void add(ServerRequest request, ServerResponse response) {
    write(
        request,
        response,
        body -> Parameters.valid(Parameters.json(request, body, Body.class)::contents),
        (handle, caller, contents) -> {
          RecordView added = records.add(handle, contents, caller.user());
          return StoredResponse.created(added).with("Location", "/api/records/" + added.id());
        });
  }

  private void put(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    write(
        request,
        response,
        body -> Parameters.valid(Parameters.json(request, body, Body.class)::contents),
        (handle, caller, contents) -> {
          Records.Written put = records.put(handle, id, contents, caller.user(), matching(request));
          return StoredResponse.of(put.created() ? 201 : 200, put.record())
              .with("ETag", etag(put.record()));
        });
  }

  private void patch(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    write(
        request,
        response,
        body -> Parameters.json(request, body, Body.class),
        (handle, caller, given) -> {
          RecordView changed =
              records.change(handle, id, given::over, caller.user(), matching(request));
          return StoredResponse.ok(changed).with("ETag", etag(changed));
        });
  }

  private void delete(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    write(
        request,
        response,
        body -> body,
        (handle, caller, body) -> {
          records.delete(handle, id, caller.user(), matching(request));
          return StoredResponse.ok(Map.of("deleted", id));
        });
  }

  /** A write of a caller with what its body says. */
  @FunctionalInterface
  private interface Write<T> {
    StoredResponse run(Handle handle, Caller caller, T given);
  }

  /**
   * Writes in one transaction.
   *
   * @param reading reads the body: before the transaction begins, unless a key has to be looked for
   *     first
   */
  private <T> void write(
      ServerRequest request, ServerResponse response, Function<byte[], T> reading, Write<T> write) {
    Caller caller = Callers.require(request, Role.MEMBER);
    byte[] body = Json.body(request);
    IdempotentRequest asked = IdempotentRequest.of(request, body);
    Function<Handle, StoredResponse> work;
    if (asked.key().isPresent()) {
      work = handle -> write.run(handle, caller, reading.apply(body));
    } else {
      T given = reading.apply(body);
      work = handle -> write.run(handle, caller, given);
    }
    writes.once(asked, caller, work).send(response);
  }

  /** What {@code If-Match} expects of the record (RFC 9110 §13.1.1). */
  private static Consumer<Optional<RecordView>> matching(ServerRequest request) {
    Optional<String> wanted = request.headers().first(HeaderNames.IF_MATCH);
    return record -> {
      String actual = record.map(RecordRoutes::etag).orElse("none");
      if (wanted.isPresent() && !wanted.get().equals("*") && !wanted.get().equals(actual)) {
        throw Problem.of(
                412, "If-Match is %s, expected the record's %s".formatted(wanted.get(), actual))
            .toException();
      }
    };
  }

  private static String etag(RecordView record) {
    return "\"" + record.version() + "\"";
  }
}
