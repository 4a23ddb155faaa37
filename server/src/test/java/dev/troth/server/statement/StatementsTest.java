package dev.troth.server.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.db.Database;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that their connection keeps behave as those that are prepared each time. */
class StatementsTest {
  private static final String INSERT = "INSERT INTO n VALUES (?)";

  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = new Database(folder.resolve("test.db"), 1);
    database.start();
    database.write(handle -> handle.execute("CREATE TABLE n (i INTEGER PRIMARY KEY)"));
  }

  @AfterEach
  void close() {
    database.stop();
  }

  private void insert(long number) {
    int _ = database.write(handle -> Statements.of(handle).execute(INSERT, number));
  }

  private List<Long> numbers() {
    return database.read(
        handle -> Statements.of(handle).list("SELECT i FROM n ORDER BY i", row -> row.getLong(1)));
  }

  private static PreparedStatement kept(Handle handle, String sql) {
    try {
      return handle
          .getConfig(KeptStatements.class)
          .of(handle.getConnection().unwrap(java.sql.Connection.class))
          .prepared(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStatementIsPreparedOnceForAllTransactionsOfItsConnection() {
    PreparedStatement first = database.write(handle -> kept(handle, INSERT));
    insert(1);
    PreparedStatement later = database.write(handle -> kept(handle, INSERT));
    assertThat((Object) later).isSameAs(first);
  }

  @Test
  void aResultThatIsNotReadToItsEndKeepsNoOldState() {
    insert(1);
    insert(2);
    String newest = "SELECT i FROM n ORDER BY i DESC";
    for (long number = 3; number < 6; number++) {
      long before = number - 1;
      long read =
          database.read(handle ->
              Statements.of(handle).read(newest, rows -> rows.next() ? rows.getLong(1) : 0L));
      assertThat(read).isEqualTo(before);
      insert(number);
    }
  }

  @Test
  void aStatementServesAgainAfterItHasFailed() {
    insert(1);
    assertThatThrownBy(() -> insert(1)).hasMessageContaining("n.i").hasMessageContaining(INSERT);
    insert(2);
    assertThat(numbers()).containsExactly(1L, 2L);
  }

  @Test
  void oneMeansOne() {
    insert(1);
    insert(2);
    String sql = "SELECT i FROM n WHERE i > ?";
    long found = database.read(handle -> one(handle, sql, 1));
    assertThat(found).isEqualTo(2);
    assertThatThrownBy(() -> database.read(handle -> one(handle, sql, 0)))
        .hasMessage("more than one row, expected one: " + sql);
    assertThatThrownBy(() -> database.read(handle -> one(handle, sql, 2)))
        .hasMessage("no row, expected one: " + sql);
  }

  private static long one(Handle handle, String sql, int above) {
    return Statements.of(handle).one(sql, row -> row.getLong(1), above);
  }

  @Test
  void whoListensToStatementsHearsOfThese() {
    List<String> heard = new ArrayList<>();
    SqlLogger logger =
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            heard.add(context.getRawSql());
          }
        };
    boolean _ =
        database.write(handle -> {
          handle.getConfig(SqlStatements.class).setSqlLogger(logger);
          int _ = Statements.of(handle).execute(INSERT, 1L);
          return true;
        });
    assertThat(heard).containsExactly(INSERT);
  }

  @Test
  void textsMadeFromValuesDoNotGrowForEver() {
    boolean _ =
        database.write(handle -> {
          PreparedStatement oldest = kept(handle, "SELECT 0");
          for (int i = 1; i <= 256; i++) {
            int number = i;
            int read = Statements.of(handle).one("SELECT " + number, row -> row.getInt(1));
            assertThat(read).isEqualTo(number);
          }
          assertThat((Object) kept(handle, "SELECT 0")).isNotSameAs(oldest);
          return true;
        });
  }
}
