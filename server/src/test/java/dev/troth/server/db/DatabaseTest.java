package dev.troth.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = new Database(folder.resolve("test.db"), 2);
    database.start();
    database.write(handle -> handle.execute("CREATE TABLE n (i INTEGER PRIMARY KEY)"));
  }

  @AfterEach
  void close() {
    database.stop();
  }

  private List<Integer> numbers() {
    return database.read(
        handle -> handle.createQuery("SELECT i FROM n ORDER BY i").mapTo(Integer.class).list());
  }

  @Test
  void aWriteIsSeenByReadsAfterIt() {
    database.write(handle -> handle.execute("INSERT INTO n VALUES (1)"));
    assertThat(numbers()).containsExactly(1);
  }

  @Test
  void workThatThrowsLeavesNothingBehindAndItsExceptionReachesTheCaller() {
    assertThatThrownBy(() ->
            database.write(handle -> {
              handle.execute("INSERT INTO n VALUES (1)");
              throw new IllegalArgumentException("no");
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThat(numbers()).isEmpty();
  }

  @Test
  void aReadCannotWrite() {
    assertThatThrownBy(() -> database.read(handle -> handle.execute("INSERT INTO n VALUES (1)")))
        .hasMessageContaining("readonly");
  }

  @Test
  void workInsideWorkIsRefusedInsteadOfWaitingForItself() {
    assertThatThrownBy(() -> database.write(handle -> numbers()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("inside database work");
  }

  @Test
  void writesOfManyThreadsAllHappen() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      threads.add(
          Thread.startVirtualThread(
              () -> database.write(handle -> handle.execute("INSERT INTO n VALUES (?)", number))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(numbers()).hasSize(100);
  }

  @Test
  void schemaStepsAreAppliedOnceAndInOrder() {
    List<Migration> steps =
        List.of(
            Migration.of("V2__fill.sql", "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);"),
            Migration.of(
                "V1__table.sql",
                """
                CREATE TABLE t (i INTEGER);
                CREATE TABLE log (i INTEGER);
                CREATE TRIGGER after_t AFTER INSERT ON t BEGIN
                  INSERT INTO log VALUES (new.i);
                END;
                """));
    migrate(steps);
    migrate(steps);
    assertThat(count("log")).isEqualTo(2);
  }

  @Test
  void aStepBelowTheHighestIsStillApplied() {
    migrate(List.of(Migration.of("V300__b.sql", "CREATE TABLE b (i INTEGER)")));
    migrate(
        List.of(
            Migration.of("V200__a.sql", "CREATE TABLE a (i INTEGER)"),
            Migration.of("V300__b.sql", "CREATE TABLE b (i INTEGER)")));
    assertThat(count("a")).isZero();
  }

  @Test
  void aStepThatFailsLeavesNothingOfItself() {
    assertThatThrownBy(() ->
            migrate(
                List.of(Migration.of("V1__bad.sql", "CREATE TABLE half (i INTEGER); NONSENSE"))))
        .hasMessageContaining("V1__bad");
    migrate(List.of(Migration.of("V1__bad.sql", "CREATE TABLE half (i INTEGER)")));
    assertThat(count("half")).isZero();
  }

  @Test
  void aStepWhoseTextChangedIsRefused() {
    migrate(List.of(Migration.of("V1__a.sql", "CREATE TABLE a (i INTEGER)")));
    assertThatThrownBy(
            () -> migrate(List.of(Migration.of("V1__a.sql", "CREATE TABLE a (j INTEGER)"))))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("V1__a was applied with other text");
  }

  @Test
  void dataOfANewerProgramIsRefused() {
    migrate(List.of(Migration.of("V9__new.sql", "CREATE TABLE a (i INTEGER)")));
    assertThatThrownBy(() -> migrate(List.of()))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("[9]");
  }

  private void migrate(List<Migration> steps) {
    new Migrator(database, steps, Clock.systemUTC()).start();
  }

  private int count(String table) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Integer.class).one());
  }
}
