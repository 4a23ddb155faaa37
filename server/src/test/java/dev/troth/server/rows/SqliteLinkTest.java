package dev.troth.server.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of SQLite is opened where it was found to be. */
final class SqliteLinkTest {
  @TempDir Path temp;

  @Test
  void aLinkThatIsPutInTheWayLeadsNowhere() throws Exception {
    Path real = Files.createDirectories(temp.toRealPath().resolve("in"));
    Path file = real.resolve("a.db");
    try (Connection made = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      made.createStatement().execute("CREATE TABLE t (a)");
    }
    try (Connection opened = SqliteRowSource.open(file)) {
      assertThat(opened.createStatement().executeQuery("SELECT count(*) FROM t").getInt(1))
          .isZero();
    }
    Path link = Files.createSymbolicLink(temp.toRealPath().resolve("out"), real);
    Path other = Files.createSymbolicLink(real.resolve("b.db"), file);
    for (Path led : new Path[] {link.resolve("a.db"), other}) {
      assertThatThrownBy(
              () -> {
                try (Connection opened = SqliteRowSource.open(led)) {
                  opened.createStatement().execute("SELECT * FROM t");
                }
              })
          .isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(() -> SqliteRowSource.open(real.resolve("none.db")).close())
        .isInstanceOf(SQLException.class);
    assertThat(real.resolve("none.db")).doesNotExist();
  }
}
