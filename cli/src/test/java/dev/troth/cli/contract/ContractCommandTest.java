package dev.troth.cli.contract;

import static dev.troth.cli.Ran.contract;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.cli.command.ExitCode;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ContractCommandTest {
  private static final String CONTRACT =
      """
      contract: order_placed
      version: 1.0.0
      owner: orders
      schema:
        type: object
        required: [id]
        properties:
          id: {type: string, maxLength: 5}
          price: {type: number, minimum: 0}
        additionalProperties: false
      rules:
        - {id: not-free, check: "!has(this.price) || this.price > 0", severity: warning}
      examples:
        - {id: a}
      """;

  @TempDir private Path folder = Path.of("");

  private Path contract = Path.of("");

  @BeforeEach
  void writeContract() throws Exception {
    contract = write("order.contract.yaml", CONTRACT);
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aGoodContractAndAGoodMessageExitWithZero() throws Exception {
    assertThat(contract("lint", contract))
        .isEqualTo(new Ran(0, "1 checked, 0 errors, 0 warnings\n", ""));
    Ran run = contract("validate", contract, write("m.json", "{\"id\":\"a\",\"price\":2.50}"));
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aBadMessageExitsWithOneAndSaysWhereAndWhy() throws Exception {
    Ran run =
        contract("validate", contract, write("m.json", "{\"id\":\"abcdef\",\"price\":-1,\"x\":0}"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("/id: found \"abcdef\", expected at most 5 characters (maxLength)")
        .contains("/price: found -1, expected at least 0 (minimum)")
        .contains("/x: found the member \"x\"")
        .contains("1 checked, 3 errors, 0 warnings");
  }

  @Test
  void aBrokenRuleOfSeverityWarningDoesNotFail() throws Exception {
    Ran run = contract("validate", contract, write("m.json", "{\"id\":\"a\",\"price\":0}"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("[rule not-free]").contains("1 warning");
  }

  @Test
  void linesAreMessagesOfTheirOwn() throws Exception {
    Path lines = write("m.jsonl", "{\"id\":\"a\"}\n{\"id\":1}\n\n{\"id\":\n");
    Ran run = contract("validate", "--lines", contract, lines);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("m.jsonl:2:7: error").contains("m.jsonl:4:7: error");
  }

  @Test
  void lintNamesLineColumnAndCure() throws Exception {
    Path wrong =
        write(
            "wrong.contract.yaml",
            CONTRACT.replace("owner:", "ownr:").replace("version: 1.0.0", "version: '1'"));
    Ran run = contract("lint", wrong);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("wrong.contract.yaml:3:7: error: unknown key 'ownr'")
        .contains("cure: did you mean 'owner'?")
        .contains("version is '1', expected MAJOR.MINOR.PATCH");
  }

  @Test
  void exampleThatBreaksTheContractIsAFinding() throws Exception {
    Path wrong = write("wrong.contract.yaml", CONTRACT.replace("- {id: a}", "- {id: abcdefg}"));
    assertThat(contract("lint", wrong).out())
        .contains(":14:10: error")
        .contains("[example-invalid]");
  }

  @Test
  void missingFilesAndUnknownFormatsExitWithTwo() throws Exception {
    assertThat(contract("validate", folder.resolve("none.yaml"), contract).exitCode()).isEqualTo(2);
    assertThat(contract("lint", "--format", "csv", contract).exitCode()).isEqualTo(2);
    assertThat(contract("lint", folder.resolve("none")).err()).contains("there is no such file");
    assertThat(contract("lint", "--allow-ref", "file:///etc/", contract).exitCode()).isEqualTo(2);
  }

  @Test
  void junitCountsFailures() throws Exception {
    Path bad = write("bad<&>.json", "{\"id\":\"\\u0001<&>\\\"abc\"}");
    Ran run =
        contract(
            "validate", "--format", "junit", contract, bad, write("good.json", "{\"id\":\"a\"}"));
    Element suite =
        (Element)
            DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(run.out().getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("testsuite")
                .item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
  }

  @Test
  void githubCommandsEscapeTheirData() throws Exception {
    Ran run =
        contract(
            "validate", "--format", "github", contract, write("m.json", "{\"id\":\"100%\\n5\"}"));
    assertThat(run.out())
        .startsWith("::error file=")
        .contains("title=maxLength")
        .contains("100%25");
    assertThat(run.out().lines()).hasSize(1);
  }

  @Test
  void jsonAndGitlabAreJson() throws Exception {
    Path bad = write("m.json", "{}");
    Json json = JsonReader.read(contract("validate", "--format", "json", contract, bad).out());
    assertThat(((Json.Obj) json).members()).containsKeys("checked", "findings");
    Json gitlab = JsonReader.read(contract("validate", "--format", "gitlab", contract, bad).out());
    assertThat(((Json.Arr) gitlab).items()).hasSize(1);
  }

  @Test
  void everyFindingNamesFileLineColumnAndPointer() throws Exception {
    Path bad = write("m.json", "{\n \"ä\": 0, \"id\": 1\n}");
    Json json = JsonReader.read(contract("validate", "--format", "json", contract, bad).out());
    Json.Obj first = (Json.Obj) JsonPointer.find(json, "/findings/1").orElseThrow();
    assertThat(first.text("file")).hasValue(bad.toString());
    assertThat(first.text("pointer")).hasValue("/id");
    assertThat(first.get("line")).hasValue(Json.Num.of(2));
    assertThat(first.get("column")).hasValue(Json.Num.of(16));
    Path changed =
        write("changed.contract.yaml", CONTRACT.replace("1.0.0", "1.1.0").replace("5}", "4}"));
    Json checked =
        JsonReader.read(
            contract("check", "--format", "json", changed, "--against", contract).out());
    Json.Obj tightened = (Json.Obj) JsonPointer.find(checked, "/findings/0").orElseThrow();
    assertThat(tightened.text("place")).hasValue(changed + ":8:9");
    assertThat(tightened.text("pointer")).hasValue("/schema/properties/id");
  }

  @Test
  void aFindingInAFileBesideNamesThatFile() throws Exception {
    Files.createDirectories(folder.resolve("old"));
    String referring = CONTRACT.replace("{type: string, maxLength: 5}", "{$ref: id.json}");
    Path next = write("order.contract.yaml", referring.replace("1.0.0", "1.1.0"));
    Path file = write("id.json", "{\n  \"type\": \"string\",\n  \"maxLength\": 4\n}");
    write("old/order.contract.yaml", referring);
    write("old/id.json", "{\"type\": \"string\"}");
    Ran run = contract("check", next, "--against", folder.resolve("old"), "--mode", "backward");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains(file + ":1:1: error: the new version refuses");
  }

  @Test
  void bowtieAnswersEachCommandWithALine() throws Exception {
    String commands =
        """
        {"cmd":"start","version":1}
        {"cmd":"dialect","dialect":"http://json-schema.org/draft-07/schema#"}
        {"cmd":"run","seq":1,"case":{"description":"d","schema":{"$ref":"http://r/x"},\
        "registry":{"http://r/x":{"type":"string"}},\
        "tests":[{"description":"t","instance":"a"},{"description":"u","instance":1}]}}
        {"cmd":"run","seq":2,"case":{"schema":{"$ref":"http://r/none"},"tests":[]}}
        {"cmd":"stop"}
        """;
    InputStream in = System.in;
    System.setIn(new ByteArrayInputStream(commands.getBytes(StandardCharsets.UTF_8)));
    try {
      String[] answers = contract("bowtie").out().split("\n");
      assertThat(answers).hasSize(4);
      assertThat(answers[0]).contains("\"name\":\"troth\"").contains("draft-04/schema#");
      assertThat(answers[1]).isEqualTo("{\"ok\":true}");
      assertThat(answers[2])
          .isEqualTo("{\"seq\":1,\"results\":[{\"valid\":true},{\"valid\":false}]}");
      assertThat(answers[3]).contains("\"errored\":true").contains("http://r/none");
    } finally {
      System.setIn(in);
    }
  }

  @Test
  void generatesTypesAndOverwritesOnlyWhatWasGenerated() throws Exception {
    Path out = folder.resolve("gen");
    Ran first = contract("generate", contract, "--lang", "java", "--out", out, "--package", "a.b");
    assertThat(first.exitCode()).as(first.err()).isZero();
    Path type = out.resolve("a/b/OrderPlaced.java");
    assertThat(type).content().contains("public record OrderPlaced(");
    assertThat(contract("generate", contract, "--lang", "java", "--out", out, "--package", "a.b"))
        .isEqualTo(first);
    Files.writeString(type, "// mine\n");
    Ran again = contract("generate", contract, "--lang", "java", "--out", out, "--package", "a.b");
    assertThat(again.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(again.err()).contains(type + " exists and was not generated");
    assertThat(type).hasContent("// mine");
  }

  @Test
  void whatCannotBeGeneratedIsAFindingAndWritesNothing() throws Exception {
    Path file =
        write("odd.contract.yaml", CONTRACT.replace("maxLength: 5", "unevaluatedItems: false"));
    Ran run = contract("generate", file, "--lang", "go", "--out", folder.resolve("gen"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out()).contains("/properties/id", "unevaluatedItems");
    assertThat(folder.resolve("gen")).doesNotExist();
  }
}
