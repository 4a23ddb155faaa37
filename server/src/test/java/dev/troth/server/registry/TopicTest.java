package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry as a script of a few lines asks for it: the body is the contract. */
class TopicTest {
  private static final String V1 =
      """
      {"$id": "parcel_sent_v1", "type": "object",
       "properties": {
         "parcel_id": {"type": "string", "format": "uuid"},
         "grams": {"type": "integer", "minimum": 1}},
       "required": ["parcel_id", "grams"]}
      """;
  private static final String OPTIONAL =
      V1.replace("\"minimum\": 1}", "\"minimum\": 1}, \"note\": {\"type\": \"string\"}");
  private static final String CHANGED = V1.replace("\"integer\"", "\"string\"");
  private static final String REMOVED =
      V1.replace(", \"grams\"]", "]")
          .replace("\"grams\": {\"type\": \"integer\", \"minimum\": 1}", "\"other\": {}");

  @TempDir private Path folder = Path.of("");

  private TestPlatform platform;

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Answer submit(String schema, String query) {
    return platform.post("/api/v1/schemas/order/versions" + query, schema);
  }

  private static String word(Answer answer) {
    return answer.json().path("is_compatible").asString();
  }

  @Test
  void fourCasesAreDecidedAndNothingIsRegisteredByATest() {
    assertThat(platform.get("/api/v1/schemas/order/latest").status()).isEqualTo(404);
    assertThat(word(submit(V1, ""))).isEqualTo("COMPATIBLE");
    assertThat(platform.get("/api/v1/schemas/order/latest").status()).isEqualTo(404);
    assertThat(submit(V1, "?register=true").json().path("registered").asBoolean()).isTrue();

    assertThat(word(submit(OPTIONAL, ""))).isEqualTo("COMPATIBLE");
    Answer changed = submit(CHANGED, "");
    assertThat(word(changed)).isEqualTo("INCOMPATIBLE");
    assertThat(changed.json().path("reason").asString()).contains("/grams");
    assertThat(word(submit(REMOVED, ""))).isEqualTo("INCOMPATIBLE");
    assertThat(platform.get("/registry/subjects/order-value/versions").body()).isEqualTo("[1]");

    Answer refused = submit(CHANGED, "?register=true");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(word(refused)).isEqualTo("INCOMPATIBLE");
    assertThat(submit(OPTIONAL, "?register=true").json().path("version").asInt()).isEqualTo(2);
    assertThat(platform.get("/api/v1/schemas/order/latest").json().path("version").asInt())
        .isEqualTo(2);
  }

  @Test
  void whatCannotBeReadIsIncompatible() {
    Answer broken = submit("{\"type\": \"objekt\"}", "");
    assertThat(broken.status()).isEqualTo(422);
    assertThat(word(broken)).isEqualTo("INCOMPATIBLE");
    assertThat(word(submit("{", ""))).isEqualTo("INCOMPATIBLE");
  }

  @Test
  void whatCannotBeToldIsIncompatibleWithAReason() {
    String rule =
        """
        {"contract": "order", "version": "1.%d.0", "owner": "o", "schema": {"type": "object",
         "required": ["a", "b"], "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
         "rules": [{"id": "sum", "check": "this.a + this.b > %d"}]}
        """;
    submit(rule.formatted(0, 1), "?register=true");
    Answer asked = submit(rule.formatted(1, 2), "");
    assertThat(word(asked)).isEqualTo("INCOMPATIBLE");
    assertThat(asked.json().path("reason").asString()).contains("could not be told");
  }

  @Test
  void aContractBringsItsRulesAndPromisesAndARaisedMajorBeginsANewGroup() {
    String contract =
        """
        {"contract": "order", "version": "%s", "owner": "o", "sla": {"latency": "%s"},
         "schema": {"type": "object", "properties": {"amt": {"type": "number"}}},
         "rules": [{"id": "r", "check": "!has(this.amt) || this.amt > %d"}]}
        """;
    assertThat(submit(contract.formatted("1.0.0", "5s", 0), "?register=true").status())
        .isEqualTo(200);
    assertThat(word(submit(contract.formatted("1.1.0", "5s", 10), ""))).isEqualTo("INCOMPATIBLE");
    assertThat(word(submit(contract.formatted("1.1.0", "9s", 0), ""))).isEqualTo("INCOMPATIBLE");
    assertThat(word(submit(contract.formatted("1.1.0", "4s", 0), ""))).isEqualTo("COMPATIBLE");
    assertThat(word(submit(contract.formatted("2.0.0", "9s", 10), ""))).isEqualTo("COMPATIBLE");
  }

  private int script(String schema) throws Exception {
    String suites = Optional.ofNullable(System.getenv("TROTH_SUITES")).orElse("");
    Path published = Path.of(suites, "..", "original", "contracts", "ci-script.sh");
    assumeTrue(
        !suites.isEmpty() && Files.exists(published),
        "the published script is not there: set TROTH_SUITES to a folder beside it");
    assumeTrue(
        onPath("jq") && onPath("curl") && onPath("bash"), "the published script needs jq and curl");
    String text = Files.readString(published);
    assertThat(text).contains("schema-registry.corp");
    Path script = folder.resolve("ci-script.sh");
    Files.writeString(
        script, text.replace("schema-registry.corp", "127.0.0.1:" + platform.port("registry")));
    Files.writeString(folder.resolve("new_contract_file.json"), schema);
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("TOPIC", "order");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
    return process.exitValue();
  }

  private static boolean onPath(String command) {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, command))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void thePublishedScriptDecidesTheFourCases() throws Exception {
    assertThat(script(V1)).as("a first version").isZero();
    submit(V1, "?register=true");
    assertThat(script(OPTIONAL)).as("an optional field is added").isZero();
    assertThat(script(CHANGED)).as("a type is changed").isEqualTo(1);
    assertThat(script(REMOVED)).as("a required field is removed").isEqualTo(1);
    assertThat(platform.get("/registry/subjects/order-value/versions").body()).isEqualTo("[1]");
  }
}
