package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submission.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of a subject costs the same among 100,000 subjects, and with 10,000 versions. */
class ManySubjectsTest {
  private static final SubjectName SUBJECT = SubjectName.of("a-value");
  private static final Submission SCHEMA =
      new Submission(Kind.JSON, "{\"type\":\"string\"}", List.of(), "", "");

  private TestPlatform platform;

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
    new RegistryClient(platform).id("a-value", SCHEMA.text());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static Map<String, Consumer<Handle>> questions() {
    RegistryStore store = new RegistryStore();
    SchemaStore schemas = new SchemaStore();
    SubjectStore subjects = new SubjectStore();
    ListStore lists = new ListStore();
    SettingStore settings = new SettingStore();
    Map<String, Consumer<Handle>> questions = new LinkedHashMap<>();
    questions.put("stamp", handle -> subjects.stamp(handle, SUBJECT));
    questions.put("settings", handle -> settings.effective(handle, SUBJECT));
    questions.put("latest", handle -> store.latest(handle, SUBJECT, Deleted.LEFT_OUT));
    questions.put("version", handle -> store.version(handle, SUBJECT, 1, Deleted.LEFT_OUT));
    questions.put("from", handle -> store.from(handle, SUBJECT, 1, 1));
    questions.put(
        "numbers", handle -> store.numbers(handle, SUBJECT, Deleted.LEFT_OUT, Page.WHOLE));
    questions.put("content", handle -> store.withSchema(handle, SUBJECT, SCHEMA, Deleted.LEFT_OUT));
    questions.put(
        "meaning", handle -> store.withMeaning(handle, SUBJECT, SCHEMA, Deleted.LEFT_OUT));
    questions.put("context", handle -> schemas.contextOf(handle, 1));
    questions.put("id", handle -> store.ofId(handle, ".", 1, 1));
    questions.put("guid", handle -> store.ofGuid(handle, SCHEMA.guid()));
    questions.put(
        "places", handle -> store.places(handle, ".", 1, Deleted.LEFT_OUT, new Page(0, 10)));
    questions.put("ids of guid", handle -> schemas.idsOfGuid(handle, SCHEMA.guid()));
    questions.put("referred", handle -> schemas.referred(handle, SUBJECT));
    questions.put("newest", handle -> store.newest(handle, SUBJECT, 5));
    questions.put(
        "metadata", handle -> store.withMetadata(handle, SUBJECT, Deleted.LEFT_OUT, one -> true));
    questions.put("last id", handle -> schemas.lastId(handle, "."));
    questions.put("referrers", handle -> schemas.referrers(handle, SUBJECT, 1));
    questions.put("contexts", lists::contexts);
    questions.put("has versions", handle -> lists.hasVersions(handle, SUBJECT));
    for (String prefix : List.of(":*:", "a", ":.other:")) {
      questions.put(
          "page of " + prefix,
          handle -> lists.subjects(handle, prefix, Deleted.LEFT_OUT, new Page(0, 10)));
    }
    return questions;
  }

  @Test
  void everyQuestionIsAnsweredByAnIndex() {
    questions()
        .forEach((name, question) -> {
          List<String> asked =
              platform
                  .database()
                  .read(handle -> {
                    List<String> statements = new ArrayList<>();
                    handle.setSqlLogger(
                        new SqlLogger() {
                          @Override
                          public void logBeforeExecution(StatementContext context) {
                            statements.add(String.valueOf(context.getParsedSql().getSql()));
                          }
                        });
                    question.accept(handle);
                    return statements;
                  });
          assertThat(asked).as(name).isNotEmpty();
          for (String sql : asked) {
            assertThat(plan(sql)).as("%s: %s", name, sql).noneMatch(ManySubjectsTest::readsAll);
            if (platform.isOnSqlite() && List.of("content", "meaning").contains(name)) {
              assertThat(plan(sql))
                  .as("a version is found by its schema, not among all of its subject")
                  .anyMatch(step -> step.contains("registry_schema_of_" + name))
                  .anyMatch(step -> step.contains("(schema_id=? AND subject=?"));
            }
          }
        });
  }

  /**
   * Whether a step of a plan reads a table from its beginning. A page in the order of an index ends
   * with its limit.
   */
  private static boolean readsAll(String step) {
    boolean page = step.matches("SCAN v USING (COVERING )?INDEX .*registry_subject.*");
    boolean ofTheQuery = step.matches("SCAN (known|\\d+ CONSTANT ROW.*|CONSTANT ROW.*)");
    return (step.startsWith("SCAN") && !page && !ofTheQuery) || step.contains("Seq Scan on");
  }

  private List<String> plan(String sql) {
    return platform
        .database()
        .read(handle -> {
          try (Statement statement = handle.getConnection().createStatement()) {
            if (platform.isOnSqlite()) {
              return column(statement.executeQuery("EXPLAIN QUERY PLAN " + sql), 4);
            }
            statement.execute("SET LOCAL enable_seqscan = off");
            statement.execute("SET LOCAL plan_cache_mode = force_generic_plan");
            statement.execute("PREPARE question AS " + numbered(sql));
            long values = sql.chars().filter(c -> c == '?').count();
            String nulls = String.join(", ", Collections.nCopies((int) values, "NULL"));
            List<String> plan =
                column(
                    statement.executeQuery(
                        "EXPLAIN EXECUTE question" + (values == 0 ? "" : "(" + nulls + ")")),
                    1);
            statement.execute("DEALLOCATE question");
            return plan;
          } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
          }
        });
  }

  private static List<String> column(ResultSet rows, int column) throws SQLException {
    List<String> texts = new ArrayList<>();
    while (rows.next()) {
      texts.add(rows.getString(column).strip());
    }
    return texts;
  }

  private static String numbered(String sql) {
    StringBuilder numbered = new StringBuilder();
    int next = 1;
    for (char c : sql.toCharArray()) {
      numbered.append(c == '?' ? "$" + next++ : String.valueOf(c));
    }
    return numbered.toString();
  }
}
