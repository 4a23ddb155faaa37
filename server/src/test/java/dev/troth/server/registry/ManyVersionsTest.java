package dev.troth.server.registry;

import static dev.troth.server.registry.RegistryClient.json;
import static dev.troth.server.registry.RegistryClient.refused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submission.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.ProgressHandler;

/** A subject with 10,000 versions costs what is asked of it, not what it has. */
class ManyVersionsTest {
  private static final int MANY = 10_000;
  private static final SubjectName FEW_VERSIONS = SubjectName.of("few-value");
  private static final SubjectName MANY_VERSIONS = SubjectName.of("many-value");

  private TestPlatform platform;
  private RegistryClient registry;

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
    registry = new RegistryClient(platform);
    registry.id("few-value", text(1));
    registry.id("many-value", text(1));
    fill(FEW_VERSIONS, 2, 10);
    fill(MANY_VERSIONS, 2, MANY);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  /** Each later one takes more. */
  private static String text(int version) {
    return "{\"type\":\"string\",\"maxLength\":" + version + "}";
  }

  private static Submission schema(int version) {
    return new Submission(Kind.JSON, text(version), List.of(), "", "");
  }

  /** Versions as the registry would write them one after the other. */
  private void fill(SubjectName subject, int from, int to) {
    platform
        .database()
        .write(handle -> {
          RegistryStore store = new RegistryStore();
          for (int version = from; version <= to; version++) {
            store.add(
                handle,
                subject,
                version,
                RegistryStore.Printed.of(schema(version)),
                OptionalInt.empty());
          }
          new SubjectStore().recount(handle, subject);
          return null;
        });
    if (!platform.isOnSqlite()) {
      platform.database().write(handle -> handle.execute("ANALYZE"));
    }
  }

  private static Map<String, Consumer<Handle>> questions(SubjectName subject, int latest) {
    RegistryStore store = new RegistryStore();
    Map<String, Consumer<Handle>> questions = new LinkedHashMap<>();
    Page page = new Page(0, 5);
    questions.put("stamp", handle -> new SubjectStore().stamp(handle, subject));
    questions.put("latest", handle -> store.latest(handle, subject, Deleted.LEFT_OUT));
    questions.put("version", handle -> store.version(handle, subject, 5, Deleted.LEFT_OUT));
    questions.put("page", handle -> store.numbers(handle, subject, Deleted.LEFT_OUT, page));
    questions.put("last", handle -> store.from(handle, subject, latest, 1));
    questions.put("newest", handle -> store.newest(handle, subject, 5));
    questions.put(
        "first content", handle -> store.withSchema(handle, subject, schema(2), Deleted.LEFT_OUT));
    questions.put(
        "last content",
        handle -> store.withSchema(handle, subject, schema(latest), Deleted.LEFT_OUT));
    questions.put(
        "no content", handle -> store.withSchema(handle, subject, schema(-1), Deleted.LEFT_OUT));
    questions.put(
        "meaning", handle -> store.withMeaning(handle, subject, schema(3), Deleted.LEFT_OUT));
    questions.put("guid", handle -> store.ofGuid(handle, schema(latest).guid()));
    questions.put("referred", handle -> new SchemaStore().referred(handle, subject));
    questions.put("referrers", handle -> new SchemaStore().referrers(handle, subject, 5));
    return questions;
  }

  @Test
  void aQuestionReadsAsMuchAmongTenThousandVersionsAsAmongTen() {
    Map<String, Consumer<Handle>> few = questions(FEW_VERSIONS, 10);
    questions(MANY_VERSIONS, MANY)
        .forEach((name, question) -> {
          long least = cost(requireNonNull(few.get(name)));
          long most = cost(question);
          assertThat(least).as(name).isPositive();
          assertThat(most).as("%s: %d among ten", name, least).isLessThanOrEqualTo(2 * least + 60);
        });
  }

  /** Steps of SQLite's machine, or rows that PostgreSQL fetched. */
  private long cost(Consumer<Handle> question) {
    return platform
        .database()
        .read(handle -> {
          if (!platform.isOnSqlite()) {
            long before = fetched(handle);
            question.accept(handle);
            return fetched(handle) - before + 1;
          }
          AtomicLong steps = new AtomicLong();
          try {
            Connection connection =
                handle.getConnection().unwrap(org.sqlite.SQLiteConnection.class);
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

  private static long fetched(Handle handle) {
    return handle
        .createQuery(
            "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)"
                + " FROM pg_stat_xact_user_tables WHERE relname LIKE 'registry%'")
        .mapTo(Long.class)
        .one();
  }

  @Test
  void tenThousandVersionsAreComparedListedAndDeleted() {
    assertThat(registry.get("/subjects/many-value/versions").json()).hasSize(MANY);
    assertThat(registry.get("/subjects/many-value/versions?offset=9998&limit=5").body())
        .isEqualTo("[9999,10000]");
    // The last one alone counts.
    Answer next = registry.register("many-value", json(text(MANY + 1)));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    registry.put("/config/many-value", "{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");
    String check = "/compatibility/subjects/many-value/versions?verbose=true";
    Answer fits = registry.post(check, json(text(MANY + 2)));
    assertThat(fits.body()).isEqualTo("{\"is_compatible\":true,\"messages\":[]}");
    // All but one take less, and that one is the first.
    Answer first = registry.post(check, json("{\"type\":\"string\",\"minLength\":1}"));
    assertThat(first.json().path("is_compatible").asBoolean()).isFalse();
    assertThat(first.json().path("messages").size()).isBetween(100, 400);
    Answer refused = registry.register("many-value", json("{\"type\":\"integer\"}"));
    refused(refused, 40901);
    assertThat(refused.body().length()).isLessThan(100_000);
    assertThat(registry.delete("/subjects/many-value").json()).hasSize(MANY + 1);
    refused(registry.get("/subjects/many-value/versions/latest"), 40401);
    assertThat(registry.changes("contract/many")).contains("contract.deleted");
  }

  @Test
  void whereOneSchemaIsTenThousandTimesIsAnsweredWithoutItsTexts() {
    registry.put("/config", "{\"compatibility\":\"NONE\"}");
    String everywhere = "{\"description\":\"" + "x".repeat(10_000) + "\"}";
    int id = registry.id("one-value", everywhere);
    platform
        .database()
        .write(handle ->
            handle.execute(
                """
                INSERT INTO registry_version (subject, version, schema_id, context)
                SELECT 'copy' || v.version, 1, one.schema_id, '.'
                FROM registry_version v, registry_version one
                WHERE v.subject = 'many-value' AND one.subject = 'one-value'
                """));
    Answer subjects = registry.get("/schemas/ids/" + id + "/subjects");
    assertThat(subjects.json()).hasSize(MANY + 1);
    assertThat(registry.get("/schemas/ids/" + id + "/versions?offset=10000&limit=5").body())
        .isEqualTo("[{\"subject\":\"one-value\",\"version\":1}]");
    String guid = registry.get("/schemas/ids/" + id).json().path("guid").asString();
    assertThat(registry.get("/schemas/guids/" + guid + "/ids").body())
        .isEqualTo("[{\"context\":\".\",\"id\":%d}]".formatted(id));
    long one = cost(handle -> new RegistryStore().ofGuid(handle, guid));
    long few = cost(handle -> new RegistryStore().ofGuid(handle, schema(2).guid()));
    assertThat(one).as("%d among two", few).isLessThanOrEqualTo(2 * few);
  }
}
