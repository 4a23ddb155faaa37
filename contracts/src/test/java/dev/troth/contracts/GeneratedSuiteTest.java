package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.GeneratedCode.Trial;
import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.contracts.schema.Draft;
import dev.troth.json.Json;
import dev.troth.testkit.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public suite through generated code: each schema that the generator accepts, as the type of a
 * property, with the suite's own documents. Small runs take every twelfth.
 */
final class GeneratedSuiteTest {
  @TempDir private Path folder = Path.of("");

  private final Map<String, Integer> refusals = new TreeMap<>();
  private int groups;
  private int accepted;

  private List<Trial> trials() {
    List<Trial> trials = new ArrayList<>();
    SuiteCases suite = SuiteCases.of(Draft.DRAFT_2020_12);
    for (String part : List.of("", "optional", "optional/format")) {
      for (SuiteCases.Case group : suite.cases(part)) {
        groups++;
        Contract contract;
        try {
          contract = contract(group, groups);
        } catch (ContractException leadsElsewhere) {
          refusals.merge("leads to other documents", 1, Integer::sum);
          continue;
        }
        List<Finding> findings = Generator.generate(contract, Language.JAVA, "any").findings();
        if (findings.isEmpty()) {
          trials.add(new Trial(contract, false, documents(group)));
        } else {
          String reason = findings.getFirst().message().replaceFirst("^[^:]*: ", "");
          refusals.merge(reason, 1, Integer::sum);
        }
      }
    }
    accepted = trials.size();
    System.out.printf(
        "2020-12: %d of %d groups are accepted, with %d documents%n",
        trials.size(), groups, trials.stream().mapToInt(t -> t.documents().size()).sum());
    if (Size.ofThisRun() == Size.FULL) {
      refusals.forEach((reason, times) -> System.out.printf("  refused %3d: %s%n", times, reason));
      return trials;
    }
    List<Trial> some = new ArrayList<>();
    for (int i = 0; i < trials.size(); i += 12) {
      some.add(trials.get(i));
    }
    return some;
  }

  /** An object with the schema's value; a schema with references is a resource of its own. */
  private static Contract contract(SuiteCases.Case group, int number) {
    Json schema = group.schema();
    if (schema instanceof Json.Obj object
        && object.get("$id").isEmpty()
        && object.toString().contains("\"$ref\"")) {
      Map<String, Json> members = new LinkedHashMap<>(object.members());
      members.put("$id", new Json.Str("https://example.com/suite/" + number));
      schema = new Json.Obj(members);
    }
    String contract =
        """
        {"contract": "suite%d", "version": "1.0.0", "owner": "suite", "schema": {
          "type": "object", "required": ["value"], "additionalProperties": false,
          "properties": {"value": %s}}}
        """
            .formatted(number, schema);
    return Contract.read(contract.getBytes(UTF_8));
  }

  private static List<String> documents(SuiteCases.Case group) {
    return group.tests().stream()
        .map(test -> "{\"value\":" + test.get("data").orElseThrow() + "}")
        .toList();
  }

  @Test
  void java() throws Exception {
    new GeneratedCode(folder).throughJava(trials());
  }

  @Test
  void python() throws Exception {
    new GeneratedCode(folder).throughPython(trials());
  }

  @Test
  void go() throws Exception {
    new GeneratedCode(folder).throughGo(trials());
  }

  @Test
  void mostSchemasAreAccepted() {
    assertThat(trials()).isNotEmpty();
    assertThat(accepted).isGreaterThan(300);
  }
}
