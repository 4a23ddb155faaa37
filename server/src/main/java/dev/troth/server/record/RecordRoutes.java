package dev.troth.server.record;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.http.Callers;
import dev.troth.server.http.IdempotencyStore;
import dev.troth.server.http.IdempotentRequest;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.http.StoredResponse;
import dev.troth.server.record.RecordStore.Contents;
import dev.troth.server.record.RecordStore.StoredRecord;
import dev.troth.watch.change.Fields;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@code /api/records}: records with any fields, versions as ETags. */
public final class RecordRoutes implements Routes {
  private final Database database;
  private final IdempotencyStore writes;
  private final RecordStore records;

  public RecordRoutes(Database database, IdempotencyStore writes, RecordStore records) {
    this.database = database;
    this.writes = writes;
    this.records = records;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/records", this::list)
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
    List<StoredRecord> found = database.read(handle -> records.after(handle, after, limit));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", found.stream().map(StoredRecord::document).toList());
    if (found.size() == limit && limit > 0) {
      page.put("next", found.getLast().id());
    }
    Json.send(response, page);
  }

  private void get(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    long id = Parameters.id(request);
    StoredRecord record = database.read(handle -> require(handle, id));
    response.header(HeaderNames.ETAG, etag(record));
    Json.send(response, record.document());
  }

  private void add(ServerRequest request, ServerResponse response) {
    write(
        request,
        response,
        (handle, caller, body) -> {
          Contents contents =
              Parameters.valid(Parameters.json(request, body, Body.class)::contents);
          StoredRecord added = records.add(handle, contents, caller.user());
          return StoredResponse.created(added.document())
              .with("Location", "/api/records/" + added.id());
        });
  }

  private void put(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    write(
        request,
        response,
        (handle, caller, body) -> {
          Contents contents =
              Parameters.valid(Parameters.json(request, body, Body.class)::contents);
          Optional<StoredRecord> before = records.find(handle, id);
          requireMatch(request, before);
          StoredRecord put = records.put(handle, id, contents, caller.user());
          return StoredResponse.of(before.isEmpty() ? 201 : 200, put.document())
              .with("ETag", etag(put));
        });
  }

  private void patch(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    write(
        request,
        response,
        (handle, caller, body) -> {
          Body given = Parameters.json(request, body, Body.class);
          StoredRecord before = require(handle, id);
          requireMatch(request, Optional.of(before));
          Contents contents = Parameters.valid(() -> given.over(before.contents()));
          StoredRecord put = records.put(handle, id, contents, caller.user());
          return StoredResponse.ok(put.document()).with("ETag", etag(put));
        });
  }

  private void delete(ServerRequest request, ServerResponse response) {
    long id = Parameters.id(request);
    write(
        request,
        response,
        (handle, caller, body) -> {
          StoredRecord record = require(handle, id);
          requireMatch(request, Optional.of(record));
          records.delete(handle, record, caller.user());
          return StoredResponse.ok(Map.of("deleted", id));
        });
  }

  /** A write of a caller with the body as it came. */
  @FunctionalInterface
  private interface Write {
    StoredResponse run(Handle handle, Caller caller, byte[] body);
  }

  private void write(ServerRequest request, ServerResponse response, Write write) {
    Caller caller = Callers.require(request, Role.MEMBER);
    byte[] body = Json.body(request);
    Function<Handle, StoredResponse> work = handle -> write.run(handle, caller, body);
    writes.once(IdempotentRequest.of(request, body), caller, work).send(response);
  }

  private StoredRecord require(Handle handle, long id) {
    return records
        .find(handle, id)
        .orElseThrow(
            () -> Problem.notFound("record %d does not exist".formatted(id)).toException());
  }

  private static void requireMatch(ServerRequest request, Optional<StoredRecord> record) {
    Optional<String> wanted = request.headers().first(HeaderNames.IF_MATCH);
    String actual = record.map(RecordRoutes::etag).orElse("none");
    if (wanted.isPresent() && !wanted.get().equals("*") && !wanted.get().equals(actual)) {
      throw Problem.of(
              412, "If-Match is %s, expected the record's %s".formatted(wanted.get(), actual))
          .toException();
    }
  }

  private static String etag(StoredRecord record) {
    return "\"" + record.version() + "\"";
  }
}
