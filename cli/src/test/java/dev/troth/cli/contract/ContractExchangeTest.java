package dev.troth.cli.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.server.objective.ObjectiveFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth contract import} and {@code export}. */
class ContractExchangeTest {
  private static final String CONTRACT =
      """
      contract: order_placed
      version: 1.0.0
      owner: orders
      schema:
        type: object
        required: [id]
        properties: {id: {type: string}}
        additionalProperties: false
      sla: {availability: 99.9%, latency: 5s}
      """;

  @TempDir private Path folder = Path.of("");

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aContractGoesToOdcsAndComesBack() throws Exception {
    Path contract = write("order.contract.yaml", CONTRACT);
    Path odcs = folder.resolve("order.odcs.json");
    Ran out = Ran.contract("export", "odcs", contract, "-o", odcs);
    assertThat(out.exitCode()).as(out.err()).isZero();
    assertThat(out.out()).isEmpty();
    assertThat(out.err())
        .contains("order.contract.yaml:5:3: warning: ODCS has no words for additionalProperties")
        .contains("[odcs/keyword]");
    assertThat(JsonReader.read(Files.readAllBytes(odcs))).isInstanceOf(Json.Obj.class);
    Path back = folder.resolve("back.contract.yaml");
    assertThat(Ran.contract("import", "odcs", odcs, "-o", back)).isEqualTo(new Ran(0, "", ""));
    assertThat(back)
        .content()
        .isEqualTo(
            """
            contract: order_placed
            version: 1.0.0
            owner: orders
            schema:
              type: object
              required: [id]
              properties:
                id: {type: string}
              additionalProperties: false
            sla: {availability: 99.9%, latency: 5s}
            """);
    assertThat(Ran.contract("check", back, "--against", contract, "--layer", "strict").exitCode())
        .isZero();
  }

  @Test
  void aSchemaOfOpenApiBecomesAContract() throws Exception {
    Path api =
        write(
            "api.json",
            """
            {"openapi": "3.0.1", "info": {"title": "Shop", "version": "1.0.0", "contact": {"name": "o"}},
             "components": {"schemas": {"A": {"type": "integer", "nullable": true}}}}
            """);
    Ran run = Ran.contract("import", "openapi", api);
    assertThat(run)
        .isEqualTo(
            new Ran(
                0,
                """
                contract: A
                version: 1.0.0
                owner: o
                description: A of Shop
                schema: {type: [integer, "null"]}
                """,
                ""));
    assertThat(Ran.contract("import", "openapi", api, "--schema", "B"))
        .isEqualTo(
            new Ran(
                1,
                "",
                api
                    + ":2:28: error: there is no schema 'B', expected one of [A] [openapi/choice]\n"
                    + "    cure: name a schema under components\n"
                    + "1 checked, 1 error, 0 warnings\n"));
  }

  @Test
  void promisesBecomeObjectivesThatSloTakes() throws Exception {
    Path contract =
        write(
            "order.contract.yaml", CONTRACT.replace("latency: 5s", "latency: 5s, retention: 30d"));
    Path objectives = folder.resolve("order.slo.yaml");
    Ran run = Ran.contract("export", "slo", contract, "-o", objectives);
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains(":9:52: warning: retention is not counted by spans, so it becomes no objective");
    assertThat(ObjectiveFolder.read(List.of(objectives)).problems()).isEmpty();
    assertThat(ObjectiveFolder.read(List.of(objectives)).objectives())
        .extracting(objective -> objective.name())
        .containsExactly("contract.order-placed", "contract.order-placed-latency");
    Path whole = write("whole.contract.yaml", CONTRACT.replace("99.9%, latency: 5s", "100%"));
    Ran refused = Ran.contract("export", "slo", whole);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("whole.contract.yaml:9:6: error: target is 1.0");
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void badInputIsAUsageErrorAndWritesNothing() throws Exception {
    Path out = folder.resolve("out.yaml");
    Path broken = write("broken.yaml", "a: [");
    assertThat(Ran.contract("import", "odcs", broken, "-o", out).exitCode()).isEqualTo(2);
    assertThat(Ran.contract("export", "odcs", folder.resolve("none"), "-o", out).err())
        .contains("there is no such file");
    assertThat(Ran.contract("export", "odcs", broken, "-o", out).exitCode()).isEqualTo(2);
    assertThat(Ran.contract("import", "openapi", broken, "--schema", "a", "--operation", "b").err())
        .contains("expected --schema or --operation, not both");
    assertThat(Ran.contract("export").exitCode()).isEqualTo(2);
    assertThat(out).doesNotExist();
    Path contract = write("order.contract.yaml", CONTRACT);
    Ran unwritable = Ran.contract("export", "odcs", contract, "-o", folder.resolve("no/such.yaml"));
    assertThat(unwritable.exitCode()).isEqualTo(2);
  }
}
