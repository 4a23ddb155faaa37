package dev.troth.cli.contract;

import static dev.troth.cli.Ran.contract;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.cli.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command takes a bare JSON Schema or .avsc as a contract. */
class ContractBareTest {
  private static final String PARCEL =
      """
      {"$id": "parcel_sent_v1", "type": "object", "required": ["id", "grams"],
       "properties": {"id": {"type": "string"}, "grams": {"type": "integer", "minimum": 1}}}
      """;

  @TempDir private Path folder = Path.of("");

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private void everyCommandTakes(Path schema, String name, String badMessage) throws Exception {
    Ran lint = contract("lint", schema);
    assertThat(lint.exitCode()).as(lint.out()).isZero();
    assertThat(lint.out()).contains("0 errors, 1 warning", "[contract-bare]");
    Ran check = contract("check", schema, "--against", schema);
    assertThat(check.exitCode()).as(check.out()).isZero();
    assertThat(check.out()).contains(name + " 1.0.0 against 1.0.0 (backward, evolution): PROVED");
    assertThat(contract("diff", schema, schema).exitCode()).isZero();
    Ran validated = contract("validate", schema, write("bad.json", badMessage));
    assertThat(validated.exitCode()).isEqualTo(1);
    for (String language : new String[] {"java", "python", "go"}) {
      Ran generated =
          contract("generate", schema, "--lang", language, "--out", folder.resolve(language));
      assertThat(generated.exitCode()).as(generated.toString()).isZero();
    }
  }

  @Test
  void aJsonSchemaAlone() throws Exception {
    everyCommandTakes(write("sent.json", PARCEL), "parcel_sent", "{\"id\": \"a\", \"grams\": 0}");
  }

  @Test
  void theExampleAsPublished() throws Exception {
    String suites = Optional.ofNullable(System.getenv("TROTH_SUITES")).orElse("");
    Path published = Path.of(suites, "..", "original", "contracts", "order_placed_v1.json");
    assumeTrue(
        !suites.isEmpty() && Files.exists(published),
        "the published example is not there: set TROTH_SUITES to a folder beside it");
    everyCommandTakes(published, "order_placed", "{}");
  }

  @Test
  void anotherVersionOfASchemaIsComparedAndTheMajorMayBreak() throws Exception {
    Path old = write("old.json", PARCEL);
    Path next = write("next.json", PARCEL.replace("\"minimum\": 1", "\"minimum\": 5"));
    Ran broken = contract("check", next, "--against", old);
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.out())
        .contains("parcel_sent 1.1.0 against 1.0.0 (backward, evolution): REFUTED")
        .contains(next + ":2:52: error: ");
    Path major = write("major.json", Files.readString(next).replace("_v1", "_v2"));
    Ran raised = contract("check", major, "--against", old);
    assertThat(raised.exitCode()).as(raised.out()).isZero();
    assertThat(raised.out()).contains("parcel_sent 2.0.0 against 1.0.0");
    assertThat(contract("diff", old, next).out())
        .contains("parcel_sent 1.0.0 → 1.1.0", "property grams");
  }

  @Test
  void anAvroSchemaAlone() throws Exception {
    String record =
        """
        {"type": "record", "name": "Parcel", "fields": [{"name": "grams", "type": "%s"}]}
        """;
    Path old = write("parcel.avsc", record.formatted("int"));
    Path next = write("next.avsc", record.formatted("string"));
    assertThat(contract("lint", old).exitCode()).isZero();
    Ran broken = contract("check", next, "--against", old, "--contract-version", "1.1.0");
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.out()).contains("REFUTED");
    Ran wrong = contract("validate", old, write("m.json", "{\"grams\": \"x\"}"));
    assertThat(wrong.out()).contains("/grams: found \"x\", expected int (avro)");
  }

  @Test
  void aVersionThatIsNoneIsAUsageError() throws Exception {
    Path schema = write("sent.json", PARCEL);
    Ran run = contract("check", schema, "--against", schema, "--contract-version", "1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--contract-version is '1', expected MAJOR.MINOR.PATCH");
  }
}
