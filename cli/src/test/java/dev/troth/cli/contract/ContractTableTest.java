package dev.troth.cli.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contracts and live tables; PostgreSQL is tested where tables are read. */
class ContractTableTest {
  @TempDir private Path folder = Path.of("");

  private String url = "";
  private Path contract = Path.of("");

  @BeforeEach
  void tableAndContract() throws Exception {
    url = "jdbc:sqlite:" + folder.resolve("shop.db");
    contract = folder.resolve("orders.contract.yaml");
    execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT NOT NULL) STRICT");
    Ran made = Ran.contract("import", "table", url, "orders", "--owner", "shop", "-o", contract);
    assertThat(made).isEqualTo(new Ran(0, "", ""));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Ran check(Object... more) {
    Object[] args = new Object[4 + more.length];
    args[0] = "check";
    args[1] = contract;
    args[2] = "--against";
    args[3] = url;
    System.arraycopy(more, 0, args, 4, more.length);
    return Ran.contract(args);
  }

  @Test
  void anImportedTableKeepsItsContractUntilItDrifts() throws Exception {
    assertThat(contract)
        .content()
        .isEqualTo(
            """
            contract: orders
            version: 1.0.0
            owner: shop
            description: Rows of the table orders.
            schema:
              type: object
              required: [id, email]
              properties:
                id: {type: integer, minimum: -9223372036854775808, maximum: 9223372036854775807}
                email: {type: string}
            """);
    assertThat(check("--table", "orders"))
        .isEqualTo(new Ran(0, "1 checked, 0 errors, 0 warnings\n", ""));
    execute("ALTER TABLE orders RENAME COLUMN email TO e_mail");
    Ran drifted = check("--table", "orders");
    assertThat(drifted.exitCode()).isEqualTo(1);
    assertThat(drifted.out())
        .contains(
            contract
                + ":10:12: error: column email: expected string, found no such column"
                + " [drift/missing]\n"
                + "    cure: was it renamed to 'e_mail'? Then rename the property\n")
        .contains("column e_mail: expected no such column, found TEXT NOT NULL [drift/extra]")
        .endsWith("1 checked, 2 errors, 0 warnings\n");
    Json json = JsonReader.read(check("--table", "orders", "--format", "json").out());
    assertThat(JsonPointer.find(json, "/findings/0/pointer"))
        .hasValue(new Json.Str("/schema/properties/email"));
  }

  @Test
  void aDatabaseThatCannotBeReachedIsNeverNoDrift() throws Exception {
    Files.delete(folder.resolve("shop.db"));
    Ran gone = check("--table", "orders");
    assertThat(gone.exitCode()).isEqualTo(3);
    assertThat(gone.out()).isEmpty();
    assertThat(gone.err()).contains("shop.db cannot be asked");
    url = "jdbc:postgresql://127.0.0.1:1/shop?user=a&password=secret";
    Ran refused = check("--table", "orders");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("cannot be asked").doesNotContain("secret");
  }

  @Test
  void aTableThatIsGoneIsDriftAndAWrongCommandLineIsUsage() throws Exception {
    Ran gone = check("--table", "order");
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.out()).contains("found no such table [drift/table]");
    assertThat(check().exitCode()).isEqualTo(2);
    assertThat(check("--table", "orders", "--db-password-file", folder.resolve("none")).exitCode())
        .isEqualTo(2);
    url = "jdbc:mysql://h/d";
    assertThat(check("--table", "orders").exitCode()).isEqualTo(2);
    assertThat(Ran.contract("import", "table", "jdbc:sqlite::memory:", "none").err())
        .contains("there is no table 'none'");
  }

  @Test
  void rowsAreValidatedWithoutHoldingThem() throws Exception {
    execute("DROP TABLE orders");
    execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT NOT NULL, note TEXT)");
    execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            + " INSERT INTO orders SELECT i, CASE WHEN i % 1000 = 7 THEN x'00ff' ELSE 'a@b' END, NULL FROM n");
    Files.writeString(
        contract,
        Files.readString(contract)
            .replace(
                "email: {type: string}",
                "email: {type: string, minLength: 1, pattern: '@'}\n    note: {type: string}"));
    Ran run = Ran.contract("validate", contract, "--jdbc", url, "--table", "orders", "--show", "2");
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertThat(run.out())
        .contains("orders row 7#/email: error")
        .contains("orders row 1007#/email: error")
        .contains("3 findings more are not shown")
        .contains("5,000 messages, 5 invalid (0.10 %), the first in row 7");
    execute("UPDATE orders SET email = 'c@d'");
    assertThat(Ran.contract("validate", contract, "--jdbc", url, "--table", "orders"))
        .isEqualTo(new Ran(0, "1 checked, 0 errors, 0 warnings\n5,000 messages, 0 invalid\n", ""));
    Ran none = Ran.contract("validate", contract, "--jdbc", url, "--table", "nothing");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--table is 'nothing'");
    assertThat(Ran.contract("validate", contract, "--jdbc", url).exitCode()).isEqualTo(2);
    assertThat(Ran.contract("validate", contract).exitCode()).isEqualTo(2);
  }
}
