package dev.troth.cli.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth contract diff}. */
class ContractDiffTest {
  private static final String CONTRACT =
      """
      contract: order_placed
      version: 1.2.0
      owner: orders
      schema:
        type: object
        required: [orderId, email]
        properties:
          orderId: {type: string, maxLength: 64}
          email: {type: string}
          currency: {enum: [EUR, USD]}
      sla: {availability: 99.9%}
      """;

  @TempDir private Path folder = Path.of("");

  private Path old = Path.of("");

  @BeforeEach
  void writeContract() throws Exception {
    old = Files.writeString(folder.resolve("old.contract.yaml"), CONTRACT);
  }

  private Path changed() throws Exception {
    return Files.writeString(
        folder.resolve("new.contract.yaml"),
        CONTRACT
            .replace("1.2.0", "1.3.0")
            .replace("orderId", "id")
            .replace(", email]", "]")
            .replace("USD", "USD, CHF")
            .replace("99.9%", "99.5%"));
  }

  @Test
  void aReviewerReadsWhatChanged() throws Exception {
    assertThat(Ran.contract("diff", old, changed()))
        .isEqualTo(
            new Ran(
                1,
                """
                order_placed 1.2.0 → 1.3.0
                  ~ version: 1.2.0 → 1.3.0
                  > property orderId: perhaps renamed to id
                  ~ property email: now optional
                  ~ property currency: now also "CHF"
                  ~ sla availability: 99.9% → 99.5%
                5 differences
                """,
                ""));
  }

  @Test
  void withoutADifferenceTheExitCodeIsZero() {
    assertThat(Ran.contract("diff", old, old))
        .isEqualTo(new Ran(0, "order_placed 1.2.0 → 1.2.0\n0 differences\n", ""));
  }

  @Test
  void machinesReadJson() throws Exception {
    Ran run = Ran.contract("diff", old, changed(), "--format", "json");
    assertThat(run.exitCode()).isEqualTo(1);
    Json json = JsonReader.read(run.out());
    assertThat(JsonPointer.find(json, "/new/version")).hasValue(new Json.Str("1.3.0"));
    assertThat(JsonPointer.find(json, "/differences/3").orElseThrow())
        .hasToString(
            "{\"kind\":\"changed\",\"subject\":\"property currency\",\"words\":\"now also"
                + " \\\"CHF\\\"\","
                + "\"pointer\":\"/schema/properties/currency\",\"before\":[\"EUR\",\"USD\"],"
                + "\"after\":[\"EUR\",\"USD\",\"CHF\"]}");
  }

  @Test
  void whatCannotBeComparedIsAUsageError() throws Exception {
    assertThat(Ran.contract("diff", folder.resolve("none.yaml"), old).exitCode()).isEqualTo(2);
    assertThat(Ran.contract("diff", old, folder.resolve("none.yaml")).exitCode()).isEqualTo(2);
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "contract: [");
    assertThat(Ran.contract("diff", old, broken).exitCode()).isEqualTo(2);
    assertThat(Ran.contract("diff", broken, old).exitCode()).isEqualTo(2);
    assertThat(Ran.contract("diff", old, old, "--format", "sarif").exitCode()).isEqualTo(2);
  }
}
