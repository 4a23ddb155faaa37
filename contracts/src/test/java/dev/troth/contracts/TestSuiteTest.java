package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON-Schema-Test-Suite, by its counts. */
class TestSuiteTest {
  @ParameterizedTest(name = "{0} {1}: {2} tests")
  @CsvSource({
    "DRAFT_4, '', 618",
    "DRAFT_6, '', 839",
    "DRAFT_7, '', 927",
    "DRAFT_2019_09, '', 1259",
    "DRAFT_2020_12, '', 1299",
    "DRAFT_4, optional, 100",
    "DRAFT_6, optional, 106",
    "DRAFT_7, optional, 108",
    "DRAFT_2019_09, optional, 158",
    "DRAFT_2020_12, optional, 162",
    "DRAFT_4, optional/format, 219",
    "DRAFT_6, optional/format, 325",
    "DRAFT_7, optional/format, 676",
    "DRAFT_2019_09, optional/format, 757",
    "DRAFT_2020_12, optional/format, 764",
  })
  void agreesWithTheSuite(Draft draft, String folder, int count) {
    SuiteCases suite = SuiteCases.of(draft);
    List<String> wrong = new ArrayList<>();
    int run = 0;
    for (SuiteCases.Case group : suite.cases(folder)) {
      if (group.file().equals("optional/content.json")) {
        continue; // Draft 7 lets content* be mere annotations, as all later drafts have it.
      }
      SchemaLoader.Options options =
          new SchemaLoader.Options(draft, folder.endsWith("format"), suite.remotes());
      Schema schema;
      try {
        schema = new SchemaLoader(options).load(group.schema(), "troth:/schema");
      } catch (RuntimeException e) {
        wrong.add(group.file() + ": " + group.name() + ": " + e);
        run += group.tests().size();
        continue;
      }
      for (Json.Obj test : group.tests()) {
        run++;
        Json data = test.get("data").orElseThrow();
        boolean valid = test.get("valid").orElseThrow() == Json.Bool.TRUE;
        Interpreter interpreter = new Interpreter(schema);
        CompiledSchema compiled = CompiledSchema.of(schema, JsonLimits.DEFAULT).orElseThrow();
        if (compiled.isValid(JsonWriter.bytes(data)) != valid) {
          wrong.add(
              "compiled: "
                  + group.file()
                  + ": "
                  + group.name()
                  + ": "
                  + test.text("description").orElse(""));
        }
        if (interpreter.isValid(data) != valid || interpreter.violations(data).isEmpty() != valid) {
          wrong.add(
              group.file() + ": " + group.name() + ": " + test.text("description").orElse(""));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(run).isEqualTo(count);
  }
}
