package dev.troth.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatementTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          select * from orders where id = 7 | SELECT | orders | select * from orders where id = ?
          SELECT a FROM shop.orders o WHERE n = 'it''s' | SELECT | orders | SELECT a FROM shop.orders o WHERE n = ?
          SELECT a FROM x JOIN y ON x.i = y.i | SELECT | | SELECT a FROM x JOIN y ON x.i = y.i
          INSERT INTO "Orders" (a) VALUES (1, 2, 'x') | INSERT | Orders | INSERT INTO "Orders" (a) VALUES (?)
          UPDATE ONLY t SET a = E'\\'; drop', b = $1 | UPDATE | t | UPDATE ONLY t SET a = ?, b = $1
          delete from t -- all 'of' it | DELETE | t | delete from t
          WITH r AS (SELECT 1 FROM a) SELECT * FROM r | SELECT | | WITH r AS (SELECT ? FROM a) SELECT * FROM r
          CREATE TABLE IF NOT EXISTS t (a int) | CREATE | t | CREATE TABLE IF NOT EXISTS t (a int)
          SELECT $tag$ it's $ $tag$, $1 | SELECT | | SELECT ?, $1
          SELECT x FROM t WHERE s = 'cut off | SELECT | t | SELECT x FROM t WHERE s = ?
          SELECT n FROM (SELECT 1 FROM t) u | SELECT | | SELECT n FROM (SELECT ? FROM t) u
          COPY orders (id) FROM STDIN | COPY | orders | COPY orders (id) FROM STDIN
          COPY orders FROM PROGRAM 'cat' | COPY | orders | COPY orders FROM PROGRAM ?
          COPY (SELECT id FROM orders) TO stdout | COPY | | COPY (SELECT id FROM orders) TO stdout
          BEGIN | BEGIN | | BEGIN
          """)
  void tellsWhatIsDoneToWhichTableWithoutLiterals(
      String sql, String operation, String collection, String text) {
    String table = collection == null ? "" : collection;
    assertThat(Statement.of(sql)).isEqualTo(new Statement(operation, table, text));
  }

  @Test
  void whateverIsCutOffShowsNoLiteral() {
    String sql =
        "INSERT INTO t VALUES ('SECRET', $q$SECRET$q$, E'a\\'SECRET') -- 'x'\n, b'1', N'SECRET'";
    Property.of("cut statements")
        .runs(2_000, 100_000)
        .check(random -> {
          int to = random.nextInt(sql.length() + 1);
          assertThat(Statement.of(sql.substring(0, to)).text()).doesNotContain("SEC");
        });
  }
}
