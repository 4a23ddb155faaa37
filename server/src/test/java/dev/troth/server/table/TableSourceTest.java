package dev.troth.server.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Validator;
import dev.troth.contracts.exchange.Conversion;
import dev.troth.contracts.table.Table;
import dev.troth.contracts.table.TableDrift;
import dev.troth.contracts.table.TableImport;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonWriter;
import dev.troth.server.table.TableSource.Login;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real databases: the embedded SQLite, and PostgreSQL started for the test. */
class TableSourceTest {
  private static Conversion imported(String url, String table) throws Exception {
    return TableImport.of(found(url, table), Optional.of("shop"));
  }

  private static Table found(String url, String table) throws Exception {
    return TableSource.of(url, Login.NONE).table(table).orElseThrow();
  }

  private static void execute(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String property(Conversion made, String name) {
    return JsonPointer.find(made.document(), "/schema/properties/" + name)
        .map(Json::toString)
        .orElse("nothing");
  }

  private static Contract contract(Conversion made) {
    return Contract.read(JsonWriter.bytes(made.document()));
  }

  private static List<String> drift(Contract contract, String url, String table) throws Exception {
    return TableDrift.of(contract, found(url, table)).stream()
        .map(finding -> finding.rule() + ": " + finding.message())
        .toList();
  }

  @Nested
  class OnSqlite {
    @TempDir private Path folder = Path.of("");

    private String url() {
      return "jdbc:sqlite:" + folder.resolve("shop.db");
    }

    @Test
    void aTableBecomesAContract() throws Exception {
      execute(
          url(),
          """
          CREATE TABLE orders (
            id INTEGER PRIMARY KEY,
            code VARCHAR(12) NOT NULL CHECK (code <> ''),
            price DECIMAL(10,2) CHECK (price > 0),
            weight REAL,
            paid BOOLEAN NOT NULL,
            placed_at TIMESTAMP NOT NULL,
            odd,
            label TEXT GENERATED ALWAYS AS (code || '!') STORED)\
          """);
      Conversion made = imported(url(), "orders");
      assertThat(made.document().text("contract")).hasValue("orders");
      assertThat(JsonPointer.find(made.document(), "/schema/required").orElseThrow())
          .hasToString("[\"id\",\"code\",\"paid\",\"placed_at\"]");
      assertThat(property(made, "code")).isEqualTo("{\"type\":\"string\",\"maxLength\":12}");
      assertThat(property(made, "price"))
          .isEqualTo(
              "{\"type\":[\"number\",\"null\"],\"maximum\":99999999.99,\"multipleOf\":0.01,"
                  + "\"exclusiveMinimum\":0}");
      assertThat(property(made, "weight")).isEqualTo("{\"type\":[\"number\",\"null\"]}");
      assertThat(property(made, "placed_at"))
          .isEqualTo("{\"type\":\"string\",\"format\":\"date-time\"}");
      assertThat(property(made, "label")).isEqualTo("{\"type\":[\"string\",\"null\"]}");
      assertThat(made.findings())
          .extracting(Finding::rule)
          .containsExactlyInAnyOrder("table/unenforced", "table/zone", "table/type", "table/check");
      assertThat(drift(contract(made), url(), "orders")).isEmpty();
    }

    @Test
    void driftNamesColumnExpectedFoundAndCure() throws Exception {
      execute(
          url(),
          "CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT NOT NULL, amount INTEGER NOT NULL,"
              + " email TEXT) STRICT");
      Contract contract = contract(imported(url(), "t"));
      execute(
          url(),
          "DROP TABLE t",
          "CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT, amount REAL NOT NULL, e_mail TEXT)");
      assertThat(drift(contract, url(), "t"))
          .containsExactly(
              "drift/null: column code: expected no NULL, because the property is required;"
                  + " found one that may be NULL",
              "drift/type: column amount: expected integer, found REAL",
              "drift/missing: column email: expected string, found no such column",
              "drift/extra: column e_mail: expected no such column, found TEXT");
      List<Finding> findings = TableDrift.of(contract, found(url(), "t"));
      assertThat(findings).allMatch(finding -> finding.isError() && !finding.cure().isBlank());
      assertThat(findings.get(2).cure())
          .isEqualTo("was it renamed to 'e_mail'? Then rename the property");
      assertThat(findings.get(1).location().pointer()).isEqualTo("/schema/properties/amount");
    }

    @Test
    void aFileThatIsMissingStaysMissing() {
      assertThatThrownBy(() -> found(url(), "t"))
          .isInstanceOf(TableSource.Unreachable.class)
          .hasMessageContaining("shop.db cannot be asked");
      assertThat(folder.resolve("shop.db")).doesNotExist();
    }

    @Test
    void aFileThatIsNoDatabaseIsNotRead() throws Exception {
      Files.writeString(
          folder.resolve("shop.db"), "not a database at all, but longer than a header....");
      assertThatThrownBy(() -> found(url(), "t")).isInstanceOf(TableSource.Unreachable.class);
    }

    @Test
    void anUnknownTableIsNone() throws Exception {
      execute(url(), "CREATE TABLE t (a)");
      assertThat(TableSource.of(url(), Login.NONE).table("u")).isEmpty();
      assertThat(TableSource.of(url(), Login.NONE).table("T")).isPresent();
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OnPostgres {
    private final EmbeddedPostgres postgres = start();
    private final String url = postgres.getJdbcUrl("postgres", "postgres");

    private static EmbeddedPostgres start() {
      String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
      Assumptions.assumeTrue(
          machine.equals("Linux amd64"), "no PostgreSQL binaries for " + machine);
      try {
        return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @AfterAll
    void stop() throws Exception {
      postgres.close();
    }

    @Test
    void rowsKeepTheContractThatTheirTableBecame() throws Exception {
      execute(
          url,
          "CREATE TYPE temper AS ENUM ('calm')",
          """
          CREATE TABLE every (
            id bigint PRIMARY KEY, code varchar(12) NOT NULL, temper temper NOT NULL,
            price numeric(10,2) NOT NULL, free numeric, ratio double precision NOT NULL,
            paid boolean NOT NULL, due date NOT NULL, at timestamptz NOT NULL,
            local timestamp NOT NULL, ref uuid NOT NULL, raw bytea NOT NULL,
            extra jsonb NOT NULL, tags text[] NOT NULL, counts int[] NOT NULL, note text)\
          """,
          """
          INSERT INTO every SELECT i, 'c' || i, 'calm', 12345678.90, NULL, 0.1, true, '2026-02-28',
            '2026-11-29T10:00:00+02', '2026-11-29 10:00:00', gen_random_uuid(), '\\x00ff',
            '{"a": [1, null]}', ARRAY['x', 'y'], ARRAY[1, 2], NULL
          FROM generate_series(1, 1200) i\
          """);
      Validator validator = contract(imported(url, "every")).inspector();
      List<Json.Obj> rows = new ArrayList<>();
      OptionalLong read =
          TableSource.of(url, Login.NONE)
              .rows(
                  "every",
                  row -> {
                    rows.add(row);
                    return true;
                  });
      assertThat(read).hasValue(1_200);
      assertThat(rows)
          .allSatisfy(
              row -> assertThat(validator.validate(JsonWriter.bytes(row)).violations()).isEmpty());
      assertThat(rows.getFirst().toString())
          .contains(
              "\"price\":12345678.90", "\"local\":\"2026-11-29T10:00:00Z\"", "\"raw\":\"AP8=\"")
          .contains(
              "\"extra\":{\"a\":[1,null]}",
              "\"tags\":[\"x\",\"y\"]",
              "\"counts\":[1,2]",
              "\"note\":null");
      List<Json.Obj> some = new ArrayList<>();
      TableSource.of(url, Login.NONE).rows("public.every", row -> some.add(row) && some.size() < 3);
      assertThat(some).hasSize(3);
      assertThat(TableSource.of(url, Login.NONE).rows("none", row -> true)).isEmpty();
    }

    @Test
    void aTimeWithoutEndIsTheWordThatTheDatabaseHasForIt() throws Exception {
      execute(
          url,
          "CREATE TABLE endless (id int PRIMARY KEY, at timestamptz, local timestamp, due date)",
          "INSERT INTO endless VALUES (1, 'infinity', '-infinity', 'infinity')");
      List<String> rows = new ArrayList<>();
      var _ = TableSource.of(url, Login.NONE).rows("endless", row -> rows.add(row.toString()));
      assertThat(rows)
          .singleElement()
          .asString()
          .contains("\"at\":\"infinity\"", "\"local\":\"-infinity\"", "\"due\":\"infinity\"");
    }

    @Test
    void aTableBecomesAContractWithItsEnumsChecksAndComments() throws Exception {
      execute(
          url,
          "CREATE SCHEMA sales",
          "CREATE TYPE sales.state AS ENUM ('open', 'paid', '1st-try')",
          "CREATE DOMAIN sales.percent AS numeric(5,2) CHECK (VALUE >= 0 AND VALUE <= 100)",
          """
          CREATE TABLE sales.orders (
            id bigint PRIMARY KEY,
            "Code" varchar(12) NOT NULL CHECK (char_length("Code") >= 3),
            kind text NOT NULL CHECK (kind IN ('web', 'shop')),
            state sales.state NOT NULL DEFAULT 'open',
            price numeric(10,2) CHECK (price > 0),
            amount int NOT NULL CHECK (amount BETWEEN 1 AND 50),
            rate sales.percent,
            small smallint,
            free numeric,
            big numeric(30),
            ratio double precision,
            paid boolean NOT NULL,
            due date,
            at timestamptz NOT NULL,
            local timestamp,
            opens time,
            ref uuid,
            raw bytea,
            extra jsonb,
            tags text[],
            span interval,
            fixed char(3),
            CONSTRAINT odd CHECK (price IS NULL OR amount > 2))\
          """,
          "COMMENT ON TABLE sales.orders IS 'What was ordered.'",
          "COMMENT ON COLUMN sales.orders.price IS 'In euros.'",
          "ALTER TABLE sales.orders ADD gone int",
          "ALTER TABLE sales.orders DROP gone");
      Conversion made = imported(url, "sales.orders");
      assertThat(made.document().text("description")).hasValue("What was ordered.");
      assertThat(JsonPointer.find(made.document(), "/schema/required").orElseThrow())
          .hasToString("[\"id\",\"Code\",\"kind\",\"state\",\"amount\",\"paid\",\"at\"]");
      assertThat(property(made, "id"))
          .isEqualTo(
              "{\"type\":\"integer\",\"minimum\":-9223372036854775808,"
                  + "\"maximum\":9223372036854775807}");
      assertThat(property(made, "Code"))
          .isEqualTo("{\"type\":\"string\",\"maxLength\":12,\"minLength\":3}");
      assertThat(property(made, "kind"))
          .isEqualTo("{\"type\":\"string\",\"enum\":[\"web\",\"shop\"]}");
      assertThat(property(made, "state"))
          .isEqualTo("{\"type\":\"string\",\"enum\":[\"open\",\"paid\",\"1st-try\"]}");
      assertThat(property(made, "price"))
          .isEqualTo(
              "{\"description\":\"In euros.\",\"type\":[\"number\",\"null\"],"
                  + "\"maximum\":99999999.99,\"multipleOf\":0.01,\"exclusiveMinimum\":0}");
      assertThat(property(made, "amount"))
          .isEqualTo("{\"type\":\"integer\",\"minimum\":1,\"maximum\":50}");
      assertThat(property(made, "rate"))
          .isEqualTo(
              "{\"type\":[\"number\",\"null\"],\"minimum\":0,\"maximum\":100,\"multipleOf\":0.01}");
      assertThat(property(made, "big")).contains("\"maximum\":999999999999999999999999999999");
      assertThat(property(made, "free")).isEqualTo("{\"type\":[\"number\",\"null\"]}");
      assertThat(property(made, "due")).contains("\"format\":\"date\"");
      assertThat(property(made, "at")).isEqualTo("{\"type\":\"string\",\"format\":\"date-time\"}");
      assertThat(property(made, "ref")).contains("\"format\":\"uuid\"");
      assertThat(property(made, "extra")).isEqualTo("{}");
      assertThat(property(made, "tags"))
          .isEqualTo("{\"type\":[\"array\",\"null\"],\"items\":{\"type\":[\"string\",\"null\"]}}");
      assertThat(property(made, "fixed")).contains("\"maxLength\":3");
      assertThat(made.findings())
          .extracting(finding -> finding.rule() + " " + finding.place())
          .containsExactlyInAnyOrder(
              "table/zone orders.local", "table/type orders.span", "table/check orders");
      assertThat(made.findings().getLast().message()).contains("price IS NULL");
      assertThat(drift(contract(made), url, "sales.orders")).isEmpty();
    }

    @Test
    void driftOfALiveTableIsFound() throws Exception {
      execute(
          url,
          "CREATE TYPE mood AS ENUM ('good', 'bad')",
          "CREATE TABLE live (id int PRIMARY KEY, name varchar(10) NOT NULL, mood mood NOT NULL,"
              + " due date, seen timestamptz, n numeric(8,0))");
      Contract contract = contract(imported(url, "live"));
      assertThat(drift(contract, url, "public.live")).isEmpty();
      execute(
          url,
          "ALTER TABLE live ALTER id TYPE text",
          "ALTER TABLE live ALTER name TYPE varchar(40), ALTER name DROP NOT NULL",
          "ALTER TYPE mood ADD VALUE 'worse'",
          "ALTER TABLE live DROP due, ADD due timestamptz",
          "ALTER TABLE live ALTER n TYPE numeric(8,2)",
          "ALTER TABLE live DROP seen");
      assertThat(drift(contract, url, "live"))
          .containsExactlyInAnyOrder(
              "drift/type: column id: expected integer, found text",
              "drift/null: column name: expected no NULL, because the property is required;"
                  + " found one that may be NULL",
              "drift/length: column name: expected at most 10 characters,"
                  + " found character varying(40)",
              "drift/values: column mood: expected string among [\"good\",\"bad\"],"
                  + " found the further values [worse]",
              "drift/type: column due: expected string (date), found timestamp with time zone",
              "drift/type: column n: expected integer, found numeric(8,2)",
              "drift/missing: column seen: expected string (date-time), found no such column");
    }

    @Test
    void viewsAreTablesAndUnknownOnesAreNone() throws Exception {
      execute(url, "CREATE VIEW v AS SELECT 1 AS one, 'x'::text AS x");
      assertThat(found(url, "v").columns()).hasSize(2).allMatch(column -> column.nullable());
      TableSource source = TableSource.of(url, Login.NONE);
      assertThat(source.table("no_such")).isEmpty();
      assertThat(source.table("no.such")).isEmpty();
      assertThat(source.table("V")).isEmpty();
    }

    @Test
    void aDatabaseThatRefusesIsNotAskedTwiceAndKeepsItsSecrets() {
      String wrong = postgres.getJdbcUrl("nobody", "none") + "&password=secret";
      assertThatThrownBy(() -> found(wrong, "live"))
          .isInstanceOf(TableSource.Unreachable.class)
          .hasMessageContaining("cannot be asked")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void otherDatabasesAreRefused() {
    assertThatThrownBy(() -> TableSource.of("jdbc:mysql://u:p@h/d?password=x", Login.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the database is 'jdbc:mysql://h/d', expected jdbc:sqlite:FILE or"
                + " jdbc:postgresql://HOST/DATABASE");
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() {
    assertThatThrownBy(() -> found("jdbc:postgresql://127.0.0.1:1/none", "t"))
        .isInstanceOf(TableSource.Unreachable.class);
  }
}
